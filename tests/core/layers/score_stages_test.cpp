#include <QtTest>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/layers/attention/attention.h"
#include "core/layers/attention/softmax_sink.h"
#include "core/layers/position/relative_buckets.h"
#include "core/tensor/weights.h"

using namespace lab;

// What stands between scores and weights, each by itself: buckets of distances, the sink's softmax, dropout of weights.

namespace {

/// T5's rule as its buckets begin: one each below half of them, then powers up to the farthest.
int bucketByItsBeginning(int distance, int buckets, int maxDistance) {
    const int exact = buckets / 2;
    int bucket = std::min(distance, exact);
    if (distance < exact) return bucket;
    const double ratio = static_cast<double>(maxDistance) / exact;
    for (int b = exact + 1; b < buckets; ++b)
        if (distance + 1e-6 >= exact * std::pow(ratio, static_cast<double>(b - exact) / (buckets - exact))) bucket = b;
    return bucket;
}

/// An attention of one head that looks evenly at all keys, each of which says 1: its output is the sum of a row's weights.
struct EvenSums {
    explicit EvenSums(double dropout) {
        Experiment e;
        e.model.d_model = e.model.num_heads = 1;
        e.model.vocab_size = e.model.num_classes = 2;
        e.model.max_seq_len = length;
        e.model.attention.dropout = dropout;
        const ModelConfig model = resolved(e).model;
        attention.emplace(LayerBuilder{layout, transposedLayout}, "encoder.0.attention", layersOf(model, Side::encoder).front(),
                          Attention::Place{});
        weights.resize(layout.flatSize());
        at(weights, *layout.find("encoder.0.attention.value.bias"))[0] = 1;
        at(weights, *layout.find("encoder.0.attention.output.weight"))[0] = 1;
    }

    std::vector<double> rows(std::int64_t step, bool training) const {
        BasicWeights<double> transposed(transposedLayout.size());
        transposedLayout.update(kernels<double>(), weights.data(), transposed.data(), 0, weights.size());
        Scratch scratch;
        Pass<double> pass{kernels<double>(), weights.data(), transposed.data(), nullptr, scratch};
        pass.training = training;
        pass.dropout = {0, 5, step, 0};
        const int lengths[] = {length, length};
        const Sequences sequences{2, length, lengths};
        std::vector<double> x(2 * length), y(2 * length);
        Attention::Cache<double> cache;
        attention->forward(pass, sequences, x.data(), sequences, x.data(), y.data(), cache);
        return y;
    }

    static constexpr int length = 50;
    ParameterLayout layout;
    TransposedLayout transposedLayout;
    std::optional<Attention> attention;
    BasicWeights<double> weights;
};

}  // namespace

class ScoreStagesTest : public QObject {
    Q_OBJECT

private slots:
    void bucketsAreT5s() {
        for (const auto& [buckets, farthest] : {std::pair{32, 128}, {8, 7}, {12, 100}, {64, 1000}, {6, 8}})
            for (int offset = -1200; offset <= 1200; ++offset) {
                const int distance = std::abs(offset), half = buckets / 2;
                QCOMPARE(relativeBucket(offset, buckets, farthest, true),
                         offset > 0 ? 0 : bucketByItsBeginning(distance, buckets, farthest));
                QCOMPARE(relativeBucket(offset, buckets, farthest, false),
                         (offset > 0 ? half : 0) + bucketByItsBeginning(distance, half, farthest));
            }
        // Of 32 buckets up to 128, as T5's own code has them.
        for (const auto& [offset, both, causal] : {std::tuple{0, 0, 0},
                                                   {-7, 7, 7},
                                                   {-8, 8, 8},
                                                   {-12, 9, 12},
                                                   {-16, 10, 16},
                                                   {-32, 12, 21},
                                                   {-100, 15, 30},
                                                   {-500, 15, 31},
                                                   {1, 17, 0},
                                                   {20, 26, 0},
                                                   {128, 31, 0}}) {
            QCOMPARE(relativeBucket(offset, 32, 128, false), both);
            QCOMPARE(relativeBucket(offset, 32, 128, true), causal);
        }
        QCOMPARE(relativeBucket(3, 2, 1, false), 1);  // a bucket for each side
        QCOMPARE(relativeBucket(-3, 2, 1, false), 0);
    }

    void aSinkTakesItsShare() {
        const double hidden = -std::numeric_limits<double>::infinity();
        for (const double sink : {-700.0, -1.0, 0.5, 30.0}) {
            double x[] = {1.5, hidden, -2.0};
            const double sum = std::exp(1.5 - sink) + std::exp(-2.0 - sink) + 1;
            const double share = softmaxWithSink(3, sink, x);
            QVERIFY(std::abs(x[0] + x[1] + x[2] + share - 1) < 1e-12);
            QCOMPARE(x[1], 0.0);
            if (sink > -700) QVERIFY(std::abs(share - 1 / sum) < 1e-12 && std::abs(x[0] - std::exp(1.5 - sink) / sum) < 1e-12);
        }
        double none[] = {hidden, hidden};
        QCOMPARE(softmaxWithSink(2, 0.0, none), 1.0);
        QVERIFY(none[0] == 0 && none[1] == 0);
        double huge[] = {1000.0, 999.0};
        QCOMPARE(softmaxWithSink(2, 0.0, huge), 0.0);
        QVERIFY(std::abs(huge[0] / huge[1] - std::exp(1.0)) < 1e-12);
    }

    void weightsDropOutInTrainingAlone() {
        const double rate = 0.3;
        const EvenSums dropping(rate);
        for (const double sum : dropping.rows(1, false)) QVERIFY(std::abs(sum - 1) < 1e-12);
        double all = 0;
        int count = 0;
        for (std::int64_t step = 1; step <= 200; ++step) {
            const std::vector<double> rows = dropping.rows(step, true);
            for (const double sum : rows) {
                const double kept = sum * (1 - rate) * EvenSums::length;  // so many of 50 weights
                QVERIFY(std::abs(kept - std::round(kept)) < 1e-9);
                all += sum;
                ++count;
            }
            QVERIFY(!std::equal(rows.begin(), rows.begin() + EvenSums::length, rows.begin() + EvenSums::length));  // by sequence
        }
        // Of 10^6 weights; the mean of the rows' sums has a deviation of sqrt(.3 / .7 / 10^6).
        QVERIFY(std::abs(all / count - 1) < 5 * std::sqrt(rate / (1 - rate) / (count * EvenSums::length)));
        QCOMPARE(dropping.rows(3, true), dropping.rows(3, true));
        QVERIFY(dropping.rows(3, true) != dropping.rows(4, true));
        for (const double sum : EvenSums(0).rows(1, true)) QVERIFY(std::abs(sum - 1) < 1e-12);
    }
};

QTEST_APPLESS_MAIN(ScoreStagesTest)
#include "score_stages_test.moc"
