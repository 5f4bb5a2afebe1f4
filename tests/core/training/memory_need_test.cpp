#include "core/training/memory_need.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/model.h"

using namespace lab;

namespace {

Experiment experimentWith(const std::string& path, const std::string& value) {
    Experiment experiment;
    experiment.training.batch_size = 4;
    fieldTable().at(path).setText(experiment, value);
    return resolved(experiment);
}

Experiment optimizedBy(const std::string& optimizer) {
    return experimentWith("training.optimizer.kind", optimizer);
}

/// Bytes of one number a parameter.
double oneCopy(const Experiment& experiment) {
    return sizeof(float) * static_cast<double>(Model(experiment.model).layout().flatSize());
}

}  // namespace

class MemoryNeedTest : public QObject {
    Q_OBJECT

private slots:
    void everyMomentTakesACopyOfTheWeights() {
        const double one = oneCopy(optimizedBy("sgd"));
        QCOMPARE(trainingBytes(optimizedBy("adamw")), trainingBytes(optimizedBy("sgd")) + one);
        QCOMPARE(trainingBytes(optimizedBy("adam")), trainingBytes(optimizedBy("adamw")));
    }

    void everyGroupOfABatchHasAGradient_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("groups");
        QTest::newRow("one") << 1 << 1;
        QTest::newRow("seven") << 7 << 7;
        QTest::newRow("eight") << 8 << 8;
        QTest::newRow("many") << 500 << 8;
    }
    void everyGroupOfABatchHasAGradient() {
        QFETCH(int, batch);
        QFETCH(int, groups);
        const Experiment experiment = experimentWith("training.batch_size", std::to_string(batch));
        const Experiment two = experimentWith("training.batch_size", "2");
        QCOMPARE(trainingBytes(experiment) - trainingBytes(two), (groups - 2) * oneCopy(two));
    }

    void aDecoderBesideTheEncoderTakesMore() {
        const double one = trainingBytes(experimentWith("model.architecture", "encoder"));
        const Experiment both = experimentWith("model.architecture", "encoder-decoder");
        QVERIFY(trainingBytes(both) > one + oneCopy(both) - oneCopy(experimentWith("model.architecture", "encoder")));
    }

    void whatFitsPassesAndWhatCannotFitIsRefusedWithNumbers() {
        requireMemory(optimizedBy("adamw"));
        Experiment huge = optimizedBy("adamw");
        huge.model.d_ff = 1 << 24;
        huge.model.d_model = 1 << 20;
        try {
            requireMemory(huge);
            QFAIL("Memory for petabytes was found.");
        } catch (const InputError& error) {
            const QString said = error.what();
            QVERIFY2(said.contains("parameters takes at least") && said.contains(" GB of memory") && said.contains("smaller d_model"),
                     error.what());
        }
    }
};

QTEST_APPLESS_MAIN(MemoryNeedTest)
#include "memory_need_test.moc"
