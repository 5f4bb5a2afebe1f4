#include "core/training/memory_need.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/base/platform_memory.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
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

QString refusalOf(const Experiment& experiment) {
    try {
        requireTrainable(loadTask(experiment, {}));
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
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
        QCOMPARE(two - one, 2 * sizeof(float) * parametersOf(sgd));  // a copy of the state has it, too
        QCOMPARE(trainingBytes(experimentWith("lion")), one);
        QCOMPARE(trainingBytes(experimentWith("adafactor")), one);
        QCOMPARE(trainingBytes(experimentWith("adamw")), two);
    }

    /// What is told beforehand is what is asked of the computer.
    void thePartsAreTold() {
        const Experiment e = experimentWith("adamw");
        const TrainingMemory memory = trainingMemory(e);
        const double bytes = sizeof(float) * parametersOf(e);
        QCOMPARE(memory.total(), trainingBytes(e));
        QCOMPARE(memory.moments, 4 * bytes);
        QCOMPARE(memory.gradients, 9 * bytes);  // of 8 groups and their sum
        QVERIFY(memory.activations > 0);
        QCOMPARE(memoryLine({3e6, 2.04e6, 0, 0}).english(), std::string("5.0 MB to train beside its data: within 1 GB"));
        QCOMPARE(memoryLine({3e7, 4.4e7, 0, 0}).english(), std::string("74 MB to train beside its data: within 1 GB"));
        QCOMPARE(memoryLine({1e9, 2.5e8, 0, 0}).english(), std::string("1.25 GB to train beside its data: more than 1 GB"));
        QCOMPARE(memoryParts({3e6, 2e7, 3e9, 1e5}).english(),
                 std::string("Memory to train: weights and their copies 3.0 MB, moments 20 MB, gradients 3 GB, activations 0.1 MB."));
    }

    /// A language model of 0.8 million weights with the settings of first-words.
    void aMicroLanguageModelStaysWithin1GB() {
        Experiment e = experimentWith("adamw", 16);
        e.model.architecture = Architecture::decoder;
        e.model.d_model = 128;
        e.model.num_layers = 4;
        e.model.num_heads = 4;
        e.model.vocab_size = e.model.num_classes = 256;
        e.model.max_seq_len = 64;
        QVERIFY(trainingMemory(resolved(e)).total() < 1e9);
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

    /// Its weights count with the model's, the arrays of its slots with the sequences; twice as many slots take twice as many.
    void slotsCount() {
        const auto needOf = [](int slotCount) {
            Experiment e = experimentWith("adamw");
            e.model.architecture = Architecture::encoder_decoder;
            e.model.vocab_size.reset();  // the task has one more here, which starts a target
            e.model.num_classes.reset();
            if (slotCount > 0) e.model.bottleneck = {"one-hot", {{"slots", static_cast<double>(slotCount)}, {"codes", 8}}};
            const LoadedTask task = loadTask(e, {});
            return std::pair(trainingMemory(task.experiment).total(), trainingBytes(task) - trainingMemory(task.experiment).total());
        };
        const auto none = needOf(0), few = needOf(8), more = needOf(16), most = needOf(24);
        QVERIFY(few.first > none.first && more.first > few.first);
        QVERIFY(few.second > none.second && more.second > few.second);
        const double first = more.second - few.second, second = most.second - more.second;
        // Attention is kept for queries in sixteens: 8 slots take the room of 16, 24 that of 32.
        QVERIFY2(std::abs(first - second) < 0.01 * first, qPrintable(QString("%1 and %2 bytes").arg(first).arg(second)));
    }

    void whatFitsPassesAndWhatCannotFitIsRefusedWithNumbers() {
        requireTrainable(loadTask(experimentWith("adamw"), {}));
        Experiment huge = experimentWith("adamw");
        huge.model.d_ff = 1 << 16;
        huge.model.num_layers = 64;
        huge.model.d_model = 1 << 14;
        const QString said = refusalOf(huge);
        QVERIFY2(said.startsWith("model: training its ") && said.contains("parameters takes at least") && said.contains(" GB of memory") &&
                     said.contains("smaller d_model"),
                 qPrintable(said));
    }

    /// Within the limits of their keys, but more than any computer has beside other programs.
    void whatTheDataAskForIsRefusedByItsKey() {
        Experiment longOnes = experimentWith("adamw");
        longOnes.task.seq_len = 1 << 20;
        longOnes.model.max_seq_len.reset();
        const QString sequences = refusalOf(longOnes);
        QVERIFY2(sequences.startsWith("task.seq_len: training on sequences of 1048576 tokens takes at least "), qPrintable(sequences));
        Experiment broad = experimentWith("adamw");
        broad.model.attention.kernel.kind = KernelKind::linear;
        broad.task.seq_len = 1 << 16;
        broad.model.max_seq_len.reset();
        broad.training.batch_size = 1 << 20;
        broad.task.train_size = 1 << 20;
        const QString batches = refusalOf(broad);
        QVERIFY2(batches.startsWith("training.batch_size: a batch of 1048576 sequences of this length takes at least "),
                 qPrintable(batches));
    }

    void aThousandMillionAreRefusedByTheirKey() {
        Experiment e = experimentWith("adamw");
        e.task.validation_size = 1'000'000'000;
        const QString validation = refusalOf(e);
        QVERIFY2(validation.startsWith("task.validation_size: every validation on 1000000000 sequences would read 16000000000 tokens "),
                 qPrintable(validation));
        e.task.validation_size = 0;
        e.task.test_size = 1'000'000'000;
        const QString test = refusalOf(e);
        QVERIFY2(test.startsWith("task.test_size: the test on 1000000000 sequences would read 16000000000 tokens "), qPrintable(test));
        e.task.test_size = 10'000'000;
        QCOMPARE(refusalOf(e), QString());
        e.model.vocab_size = e.model.num_classes = 1 << 24;
        e.model.d_model = 1 << 12;
        const QString words = refusalOf(e);
        QVERIFY2(words.startsWith("model.vocab_size: a vocabulary of 16777216 tokens takes at least "), qPrintable(words));
    }

    void theDataCountWithTheModel() {
        Experiment e = experimentWith("adamw");
        const double few = trainingBytes(loadTask(e, {}));
        QVERIFY(few > trainingBytes(e));
        e.task.train_size += 1000000;
        QCOMPARE(trainingBytes(loadTask(e, {})) - few, 4e6);
        e.training.shuffle = false;
        QVERIFY(trainingBytes(loadTask(e, {})) < few);
    }

    void whatIsPromisedToOthersIsNotThere() {
        const LoadedTask task = loadTask(experimentWith("adamw"), {});
        if (availableMemory()) QVERIFY_THROWS_EXCEPTION(InputError, requireTrainable(task, static_cast<double>(*availableMemory())));
    }
};

QTEST_APPLESS_MAIN(MemoryNeedTest)
#include "memory_need_test.moc"
