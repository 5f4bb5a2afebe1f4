#include "core/stream/neuron_look.h"

#include <QTest>

#include "core/base/errors.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// What is shown of one neuron.
class NeuronLookTest : public QObject {
    Q_OBJECT

private slots:
    void itBeginsWithTheLoudestAndSaysWhatHoldingChanges() {
        const StreamCase c({"gqa", llamaLike()});
        const StreamRuns runs(c.model, c.weights);
        const NeuronLook look = neuronLook(runs, c.input, {1, 3, {}, 0});
        for (const float value : look.activations)
            QVERIFY(std::abs(value) <= std::abs(look.activations[static_cast<std::size_t>(look.neuron.index)]));
        double before = 0, behind = 0;
        for (std::size_t i = 0; i < look.classes.size(); ++i) {
            before += look.classes[i].before;
            behind += look.classes[i].behind;
            if (i > 0)
                QVERIFY(std::abs(look.classes[i].behind - look.classes[i].before) <=
                        std::abs(look.classes[i - 1].behind - look.classes[i - 1].before));
        }
        QVERIFY(std::abs(before - 1) < 1e-9 && std::abs(behind - 1) < 1e-9);
        const float own = look.activations[static_cast<std::size_t>(look.neuron.index)];
        const NeuronLook asked = neuronLook(runs, c.input, {1, 3, look.neuron.index, own});
        QCOMPARE(asked.neuron, look.neuron);
        QVERIFY_THROWS_EXCEPTION(InputError, neuronLook(runs, c.input, {9, 0, {}, 0}));
    }

    void theFarthestComeFirst() {
        QCOMPARE(farthest({1, 3, -2, 3}, 3, true), (std::vector<int>{1, 3, 0}));
        QCOMPARE(farthest({1, 3, -2, 3}, 9, false), (std::vector<int>{2, 0, 1, 3}));
    }

    void modelsWithoutNeuronsAreRefused() {
        ModelConfig config = llamaLike();
        QCOMPARE(layersWithNeurons(StreamCase({"gqa", config}).model), (std::vector<int>{0, 1}));
        config.d_ff = 0;
        QVERIFY_THROWS_EXCEPTION(InputError, layersWithNeurons(StreamCase({"none", config}).model));
    }
};

QTEST_GUILESS_MAIN(NeuronLookTest)
#include "neuron_look_test.moc"
