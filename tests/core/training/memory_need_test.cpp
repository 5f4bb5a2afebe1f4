#include "core/training/memory_need.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/model.h"
#include "core/optimizers/optimizer.h"

using namespace lab;

namespace {

Experiment experimentWith(std::string_view optimizer, int batchSize = 64) {
    Experiment e;
    e.model.d_model = 64;
    e.training.batch_size = batchSize;
    e.training.optimizer.kind = optimizer;
    return resolved(e);
}

double parametersOf(const Experiment& e) {
    return static_cast<double>(Model(e.model).layout().flatSize());
}

}  // namespace

class MemoryNeedTest : public QObject {
    Q_OBJECT

private slots:
    void eachMomentIsAsLargeAsTheWeights() {
        const Experiment sgd = experimentWith("sgd");
        const double one = trainingBytes(sgd), two = trainingBytes(experimentWith("adam"));
        QCOMPARE(two - one, sizeof(float) * parametersOf(sgd));
        QCOMPARE(trainingBytes(experimentWith("lion")), one);
        QCOMPARE(trainingBytes(experimentWith("adamw")), two);
    }

    void aRuleOfWholeMatricesNeedsRoomForOne() {
        const Experiment muon = experimentWith("muon");
        const double scratch = static_cast<double>(updateScratch(*muon.training.optimizer.kind, Model(muon.model).layout()));
        QVERIFY(scratch >= 3 * 64 * 64);
        QCOMPARE(trainingBytes(muon) - trainingBytes(experimentWith("adam")), sizeof(float) * scratch);
    }

    /// A group has a gradient of its own; there are eight at the most.
    void groupsHaveGradients() {
        const double bytes = sizeof(float) * parametersOf(experimentWith("adam"));
        const double one = trainingBytes(experimentWith("adam", 1)), three = trainingBytes(experimentWith("adam", 3));
        QCOMPARE(three - one, 2 * bytes);
        QCOMPARE(trainingBytes(experimentWith("adam", 8)) - one, 7 * bytes);
        QCOMPARE(trainingBytes(experimentWith("adam", 800)) - one, 7 * bytes);
    }

    void whatFitsPassesAndWhatCannotFitIsRefusedWithNumbers() {
        requireMemory(experimentWith("adamw"));
        Experiment huge = experimentWith("adamw");
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
