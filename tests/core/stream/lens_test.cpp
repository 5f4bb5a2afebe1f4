#include <QTest>

#include "core/base/errors.h"
#include "core/stream/lens.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// The logit lens reads every state of the stream with the model's own output head.
class LensTest : public QObject {
    Q_OBJECT

private slots:
    void theLastPlaceIsTheModelsAnswerBitForBit_data() {
        QTest::addColumn<int>("index");
        const auto forms = formsWithStream();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void theLastPlaceIsTheModelsAnswerBitForBit() {
        QFETCH(int, index);
        const StreamCase c(formsWithStream()[static_cast<std::size_t>(index)]);
        const StreamRuns runs(c.model, c.weights);
        const StreamStates states = streamStates(runs, c.input);
        QCOMPARE(states.logits, c.model.trace(c.weights, c.input).at("logits").values);
        const int last = static_cast<int>(states.places.size()) - 1;
        QCOMPARE(runs.read(states.at(last), states.positions), states.logits);
        if (c.model.config().answersNumbers()) {
            QVERIFY_THROWS_EXCEPTION(InputError, lensOf(runs, c.input));
            return;
        }
        const Lens lens = lensOf(runs, c.input);
        QCOMPARE(lens.difference, 0.0);
        for (int p = 0; p < states.positions; ++p) QVERIFY(lens.at(last, p).final);
    }

    /// Cutting the later blocks off and keeping what stands behind them is what the lens says of a place, as the slow way.
    void aPlaceReadsAsAModelWithoutTheBlocksBehindIt() {
        ModelConfig config = smallConfig();
        config.norm.placement = NormPlacement::pre;
        config.num_layers = 3;
        const StreamCase whole({"whole", config});
        const Lens lens = lensOf(StreamRuns(whole.model, whole.weights), whole.input);
        config.num_layers = 1;
        const StreamCase cut({"cut", config});
        Weights weights(cut.model.layout().flatSize());
        for (const Parameter& p : cut.model.layout().parameters())
            std::copy_n(whole.weights.data() + whole.model.layout().find(p.name)->offset, p.size, weights.data() + p.offset);
        const StreamStates shorter = streamStates(StreamRuns(cut.model, weights), whole.input);
        const int behindFirst = 2;  // embedding, attention, feed-forward
        QCOMPARE(lens.states.places[behindFirst], (StreamPlace{StreamPart::feed_forward, 0}));
        const StreamRuns runs(whole.model, whole.weights);
        QCOMPARE(runs.read(lens.states.at(behindFirst), lens.states.positions), shorter.logits);
    }

    void aReadingSaysTopRankAndEntropy() {
        const std::vector<float> logits{1.0F, 3.0F, 3.0F, -2.0F};
        const LensReading reading = readingOf(logits.data(), 4, 0);
        QCOMPARE(reading.top, 1);
        QCOMPARE(reading.rank, 2);
        double sum = 0;
        for (const float x : logits) sum += std::exp(static_cast<double>(x));
        double entropy = 0;
        for (const float x : logits) entropy -= std::exp(static_cast<double>(x)) / sum * std::log2(std::exp(static_cast<double>(x)) / sum);
        QVERIFY(std::abs(reading.entropy - entropy) < 1e-12);
        QVERIFY(std::abs(reading.probability - std::exp(3.0) / sum) < 1e-12);
        QVERIFY(std::abs(reading.ofTrue - std::exp(1.0) / sum) < 1e-12);
        QCOMPARE(readingOf(logits.data(), 4, -1).rank, -1);
        const std::vector<float> even(8, 2.5F);
        QVERIFY(std::abs(readingOf(even.data(), 8, -1).entropy - 3.0) < 1e-12);
    }

    void probabilitiesOfAPlaceAddUpToOneAndAgree() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        const Lens lens = lensOf(runs, c.input);
        for (int place = 0; place < static_cast<int>(lens.states.places.size()); ++place) {
            const std::vector<double> shares = lensProbabilities(runs, lens.states, place, 3);
            double sum = 0;
            for (const double share : shares) sum += share;
            QVERIFY(std::abs(sum - 1.0) < 1e-12);
            QCOMPARE(shares[static_cast<std::size_t>(lens.at(place, 3).top)], lens.at(place, 3).probability);
        }
    }

    void refusesWhatHasNoStateToRead() {
        for (const NamedConfig& form : haltingForms()) {
            const StreamCase c(form);
            QVERIFY_THROWS_EXCEPTION(InputError, streamStates(StreamRuns(c.model, c.weights), c.input));
        }
        StreamCase c({"qkv", smallConfig()});
        c.input.tokens[2] = 99;
        QVERIFY_THROWS_EXCEPTION(InputError, lensOf(StreamRuns(c.model, c.weights), c.input));
    }

    void leavesWhenCancelled() {
        const StreamCase c({"qkv", smallConfig()});
        QVERIFY_THROWS_EXCEPTION(PassAbandoned, lensOf(StreamRuns(c.model, c.weights, [] { return true; }), c.input));
    }
};

QTEST_APPLESS_MAIN(LensTest)
#include "lens_test.moc"
