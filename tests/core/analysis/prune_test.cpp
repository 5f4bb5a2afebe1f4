#include "core/analysis/prune.h"

#include <QtTest>
#include <cmath>
#include <random>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "core/model/network.h"

using namespace lab;

namespace {

Experiment pruneExperiment(Architecture architecture = Architecture::encoder, int kvHeads = 4) {
    Experiment experiment;
    experiment.model.architecture = architecture;
    experiment.task.seq_len = 6;
    experiment.model.d_model = 16;
    experiment.model.num_heads = 4;
    experiment.model.num_kv_heads = kvHeads;
    return resolved(experiment);
}

std::vector<Sample> pruneSamples(const Experiment& experiment) {
    std::mt19937 random(5);
    const auto digits = [&](int count) {
        std::vector<int> result;
        for (int i = 0; i < count; ++i) result.push_back(static_cast<int>(random() % 10));
        return result;
    };
    std::vector<Sample> samples;
    for (int i = 0; i < 8; ++i) {
        Sample sample{digits(6), {}, digits(6)};
        if (experiment.model.architecture == Architecture::encoder_decoder) sample.targetTokens = digits(6);
        samples.push_back(sample);
    }
    return samples;
}

struct PruneBench {
    explicit PruneBench(const Experiment& e) : model(e.model), weights(initialWeights(model, 3)), samples(pruneSamples(e)) {}

    PruneOrder order(PruneWhat what, PruneBy by) const { return *pruneOrder(model, weights, what, by, samples); }
    double loss(const Weights& of, const std::vector<Intervention>& changes = {}) const {
        return evaluateWith(model, of, samples, changes)->loss;
    }

    Model model;
    Weights weights;
    std::vector<Sample> samples;
};

}  // namespace

class PruneTest : public QObject {
    Q_OBJECT

private slots:
    /// A head whose part of every matrix is 0 gives what a head that is switched off gives, in every architecture and with shared keys.
    void aPrunedHeadIsOneSwitchedOff_data() {
        QTest::addColumn<int>("architecture");
        QTest::addColumn<int>("kvHeads");
        for (const Architecture architecture : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder})
            for (const int kvHeads : {4, 2, 1})
                QTest::addRow("%s, %d", nameOf(architecture).data(), kvHeads) << static_cast<int>(architecture) << kvHeads;
    }
    void aPrunedHeadIsOneSwitchedOff() {
        QFETCH(int, architecture);
        QFETCH(int, kvHeads);
        const PruneBench bench(pruneExperiment(static_cast<Architecture>(architecture), kvHeads));
        for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
            const PruneOrder order = bench.order(PruneWhat::heads, by);
            QVERIFY(std::ranges::is_sorted(order.worths));
            for (const double share : {0.0, 0.25, 0.6, 1.0}) {
                const Pruned result = pruned(bench.model, bench.weights, order, share);
                QCOMPARE(result.of, std::ssize(order.heads));
                QCOMPARE(result.taken, std::llround(share * static_cast<double>(result.of)));
                std::vector<Intervention> off;
                for (std::int64_t i = 0; i < result.taken; ++i) {
                    const auto each = ablationOf(bench.model, order.heads[static_cast<std::size_t>(i)], Intervention::Kind::headOff);
                    off.insert(off.end(), each.begin(), each.end());
                }
                QVERIFY(std::abs(bench.loss(result.weights) - bench.loss(bench.weights, off)) < 1e-6);
            }
        }
    }

    /// Keys that another layer's heads read stay, whichever head of the layer that makes them is taken.
    void keysThatOtherLayersReadStay() {
        Experiment experiment = pruneExperiment(Architecture::decoder, 2);
        experiment.model.num_layers = *(experiment.model.num_decoder_layers = 3);
        experiment.model.attention.share_kv = 2;
        const PruneBench bench(experiment);
        for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
            const PruneOrder order = bench.order(PruneWhat::heads, by);
            QVERIFY(std::ranges::is_sorted(order.worths) && order.worths.front() > 0);
            for (const double share : {0.25, 0.6, 0.9}) {
                const Pruned result = pruned(bench.model, bench.weights, order, share);
                std::vector<Intervention> off;
                for (std::int64_t i = 0; i < result.taken; ++i) {
                    const auto each = ablationOf(bench.model, order.heads[static_cast<std::size_t>(i)], Intervention::Kind::headOff);
                    off.insert(off.end(), each.begin(), each.end());
                }
                QVERIFY(std::abs(bench.loss(result.weights) - bench.loss(bench.weights, off)) < 1e-6);
            }
        }
    }

    /// Heads of a pair read each other's queries and keys: these stay until both go.
    void aPrunedHeadOfAPairIsOneSwitchedOff() {
        Experiment e = pruneExperiment(Architecture::decoder);
        e.model.attention.differential = true;
        const PruneBench bench(e);
        const PruneOrder order{PruneWhat::heads, {{0, 1}, {1, 2}, {0, 0}, {1, 0}}, {0, 0, 0, 0}, {}, false};
        for (const double share : {0.25, 0.5, 0.75, 1.0}) {
            const Pruned result = pruned(bench.model, bench.weights, order, share);
            std::vector<Intervention> off;
            for (std::int64_t i = 0; i < result.taken; ++i) {
                const auto each = ablationOf(bench.model, order.heads[static_cast<std::size_t>(i)], Intervention::Kind::headOff);
                off.insert(off.end(), each.begin(), each.end());
            }
            QVERIFY(std::abs(bench.loss(result.weights) - bench.loss(bench.weights, off)) < 1e-6);
            const Parameter& query = *bench.model.layout().find("decoder.0.attention.query.weight");
            const bool gone = std::all_of(at(result.weights, query), at(result.weights, query) + 128, [](float w) { return w == 0; });
            QCOMPARE(gone, share >= 0.75);
        }
    }

    /// All parts of all heads: what is left of attention is the bias of W_O.
    void allHeadsTakeAllTheirWeights() {
        const PruneBench bench(pruneExperiment(Architecture::decoder, 2));
        const Pruned none = pruned(bench.model, bench.weights, bench.order(PruneWhat::heads, PruneBy::size), 1);
        for (const Parameter& p : bench.model.layout().parameters()) {
            const bool ofHeads = p.role == ParameterRole::attentionInput || p.role == ParameterRole::attentionOutput;
            const bool zero = std::all_of(at(none.weights, p), at(none.weights, p) + p.size, [](float w) { return w == 0; });
            if (ofHeads) QVERIFY2(zero, p.name.c_str());
            if (p.isMatrix()) QCOMPARE(zero, ofHeads);
        }
    }

    /// Keys and values stay while one head of their group does.
    void sharedKeysGoWithTheirLastHead() {
        const PruneBench bench(pruneExperiment(Architecture::encoder, 2));
        PruneOrder order{PruneWhat::heads, {{0, 0}, {0, 1}, {0, 2}, {0, 3}}, {0, 0, 0, 0}, {}, false};
        const Parameter& key = *bench.model.layout().find("encoder.0.attention.key.weight");
        const auto zeroRows = [&](double share) {
            const Pruned result = pruned(bench.model, bench.weights, order, share);
            return std::count(at(result.weights, key), at(result.weights, key) + key.size, 0.0f) / 16;
        };
        QCOMPARE(zeroRows(0.25), 0);
        QCOMPARE(zeroRows(0.5), 4);
        QCOMPARE(zeroRows(0.75), 4);
        QCOMPARE(zeroRows(1), 8);
    }

    /// Of each of the four matrices by itself: what head 1 of layer 1 can add.
    void aHeadsSizeIsThatOfItsOutputTimesItsValues() {
        const PruneBench bench(pruneExperiment());
        const PruneOrder order = bench.order(PruneWhat::heads, PruneBy::size);
        const auto found = std::ranges::find(order.heads, AblationSubject{1, 1});
        const ParameterLayout& layout = bench.model.layout();
        const Parameter &out = *layout.find("encoder.1.attention.output.weight"), &value = *layout.find("encoder.1.attention.value.weight");
        double outSquares = 0, valueSquares = 0;
        for (int a = 0; a < 16; ++a)
            for (int b = 0; b < 16; ++b) {
                const auto i = static_cast<std::size_t>(16 * a + b);
                if (b / 4 == 1) outSquares += std::pow(at(bench.weights, out)[i], 2);
                if (a / 4 == 1) valueSquares += std::pow(at(bench.weights, value)[i], 2);
            }
        const double worth = order.worths[static_cast<std::size_t>(found - order.heads.begin())];
        QVERIFY(std::abs(worth - std::sqrt(outSquares * valueSquares)) < 1e-6);
    }

    /// By size the least of every matrix go; nothing else is touched.
    void weightsGoBySizeWithinTheirMatrix() {
        const PruneBench bench(pruneExperiment());
        const PruneOrder order = bench.order(PruneWhat::weights, PruneBy::size);
        const Pruned result = pruned(bench.model, bench.weights, order, 0.3);
        for (const Parameter& p : bench.model.layout().parameters()) {
            std::vector<float> gone, stay;
            for (std::size_t i = p.offset; i < p.offset + p.size; ++i) {
                const bool kept = result.weights[i] == bench.weights[i];
                if (kept) {
                    stay.push_back(std::abs(bench.weights[i]));
                } else {
                    QCOMPARE(result.weights[i], 0.0f);
                    gone.push_back(std::abs(bench.weights[i]));
                }
            }
            QCOMPARE(std::ssize(gone), p.isHiddenMatrix() ? std::llround(0.3 * static_cast<double>(p.size)) : 0);
            if (!gone.empty()) QVERIFY(std::ranges::max(gone) <= std::ranges::min(stay));
        }
        QCOMPARE(zerosOf(bench.model.layout(), result.weights) - zerosOf(bench.model.layout(), bench.weights), result.taken);
    }

    /// A weight without a gradient in any sample costs nothing; and what is estimated goes with what happens when one is taken.
    void weightsGoByWhatTheyAreEstimatedToCost() {
        const PruneBench bench(pruneExperiment());
        const PruneOrder order = bench.order(PruneWhat::weights, PruneBy::ablation);
        const Parameter& p = *bench.model.layout().find("encoder.0.feed_forward.up.weight");
        const Weights transposed = bench.model.transposedCopy(bench.weights);
        const std::size_t at = p.offset + 7;
        double expected = 0;
        for (const Sample& sample : bench.samples) {
            // The slow twin: the loss a little to both sides.
            const auto lossAt = [&](float change) {
                Weights moved = bench.weights;
                moved[at] += change;
                return evaluateWith(bench.model, moved, {sample}, {})->loss;
            };
            constexpr float little = 0.01f;
            expected += std::pow((lossAt(little) - lossAt(-little)) / (2 * double{little}) * double{bench.weights[at]}, 2);
        }
        QVERIFY2(std::abs(double{order.weightWorths[at]} - expected) < 0.02 * expected + 1e-9,
                 qPrintable(QStringLiteral("%1 %2").arg(double{order.weightWorths[at]}).arg(expected)));
        const Pruned result = pruned(bench.model, bench.weights, order, 0.5);
        QCOMPARE(result.taken, result.of / 2);
        QVERIFY(!pruneOrder(bench.model, bench.weights, PruneWhat::weights, PruneBy::ablation, bench.samples, [] { return true; }));
        QVERIFY(!pruneOrder(bench.model, bench.weights, PruneWhat::heads, PruneBy::ablation, bench.samples, [] { return true; }));
    }

    void nothingAndEverythingCanGo() {
        const PruneBench bench(pruneExperiment());
        for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
            const PruneOrder order = bench.order(PruneWhat::weights, by);
            QCOMPARE(pruned(bench.model, bench.weights, order, 0).weights, bench.weights);
            const Pruned all = pruned(bench.model, bench.weights, order, 1);
            QCOMPARE(all.taken, all.of);
            for (const Parameter& p : bench.model.layout().parameters())
                if (p.isHiddenMatrix())
                    QCOMPARE(std::count(lab::at(all.weights, p), lab::at(all.weights, p) + p.size, 0.0f), std::ptrdiff_t(p.size));
        }
    }

    void aModelWithoutHeadsIsRefused() {
        Experiment e = pruneExperiment();
        e.model = {};
        e.model.mixer.kind = MixerKind::feed_forward;
        e.model.mixer.width.reset();
        const Model model(resolved(e).model);
        const Weights weights = initialWeights(model, 1);
        QVERIFY_THROWS_EXCEPTION(InputError, pruneOrder(model, weights, PruneWhat::heads, PruneBy::size, {}));
        QVERIFY(pruneOrder(model, weights, PruneWhat::weights, PruneBy::size, {}));
    }
};

QTEST_APPLESS_MAIN(PruneTest)
#include "prune_test.moc"
