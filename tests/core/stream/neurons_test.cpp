#include <QTest>

#include "core/base/errors.h"
#include "core/stream/neurons.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// What single neurons of feed-forward parts see and write.
class NeuronsTest : public QObject {
    Q_OBJECT

    static ModelConfig straight() {
        ModelConfig c = smallConfig();
        c.num_layers = 1;
        c.norm.kind = NormKind::none;
        c.output = {OutputKind::linear, false, true, LossKind::cross_entropy};
        return c;
    }

private slots:
    void activationsAreTheTraces() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        QCOMPARE(activationsOf(runs, c.input, 1), c.model.trace(c.weights, c.input).at("encoder.1.feed_forward.hidden").values);
    }

    void theLargestActivationsComeFirstOneASample() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        std::vector<Input> inputs;
        for (std::uint64_t seed = 0; seed < 6; ++seed) inputs.push_back(StreamCase::inputFor(c.model.config(), seed));
        const auto found = largestActivations(runs, inputs, {0, 3}, 4);
        QCOMPARE(found.size(), std::size_t{4});
        for (std::size_t i = 1; i < found.size(); ++i) QVERIFY(found[i - 1].activation >= found[i].activation);
        float largest = -1e9F;
        for (const Input& input : inputs) {
            const std::vector<float> all = activationsOf(runs, input, 0);
            const auto width = static_cast<std::size_t>(neuronsOf(c.model, 0));
            for (std::size_t at = 3; at < all.size(); at += width) largest = std::max(largest, all[at]);
        }
        QCOMPARE(found.front().activation, largest);
    }

    /// Held one higher, a neuron of a model without norms moves the logits by what it writes.
    void aNeuronWritesWhatHoldingItHigherAdds() {
        const StreamCase c({"straight", straight()});
        const StreamRuns runs(c.model, c.weights);
        const std::vector<double> writes = neuronWrites(runs, {0, 2});
        const std::vector<float> low = logitsWithNeuron(runs, c.input, {0, 2}, 0.0F), high = logitsWithNeuron(runs, c.input, {0, 2}, 1.0F);
        double mean = 0;
        for (std::size_t k = 0; k < writes.size(); ++k) mean += static_cast<double>(high[k] - low[k]) / static_cast<double>(writes.size());
        for (std::size_t k = 0; k < writes.size(); ++k)
            QVERIFY(std::abs(writes[k] - (static_cast<double>(high[k] - low[k]) - mean)) < 1e-5);
    }

    void refusesWhatHasNoNeurons() {
        ModelConfig config = smallConfig();
        config.d_ff = 0;
        const StreamCase none({"none", config});
        QVERIFY_THROWS_EXCEPTION(InputError, activationsOf(StreamRuns(none.model, none.weights), none.input, 0));
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        QVERIFY_THROWS_EXCEPTION(InputError, logitsWithNeuron(runs, c.input, {0, neuronsOf(c.model, 0)}, 0.0F));
        QVERIFY_THROWS_EXCEPTION(InputError, logitsWithNeuron(runs, c.input, {2, 0}, 0.0F));
        QVERIFY_THROWS_EXCEPTION(InputError, neuronWrites(runs, {0, 0}));  // the output head is an mlp
    }
};

QTEST_APPLESS_MAIN(NeuronsTest)
#include "neurons_test.moc"
