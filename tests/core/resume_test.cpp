#include <QTemporaryDir>
#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/training/trainer.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

/// Every form: saved, loaded and resumed, a training goes on bit for bit as if it had never stopped.
class ResumeTest : public QObject {
    Q_OBJECT

    static Experiment experimentOf(const ModelConfig& config) {
        Experiment e;
        e.task.seq_len = 4;
        e.task.train_size = 100;
        e.task.validation_size = 10;
        e.task.test_size = 1;
        e.model = config;
        e.model.vocab_size = e.model.num_classes = e.model.max_seq_len = std::nullopt;  // of the task
        if (specOf(config.dictionary.kind).apart) askOfEntries(e);
        e.model.dropout = 0.1;
        e.training.batch_size = 12;
        e.training.steps = 8;
        return e;
    }

    /// Who reads a dictionary needs a task that has one.
    static void askOfEntries(Experiment& e) {
        e.task.kind = "glossary";
        e.task.parameters = {{"entries", 4}, {"questions", 2}, {"words", 40}};
        e.model.dictionary.entry = std::nullopt;
    }

    /// Of models that read tokens.
    static std::vector<NamedConfig> resumedForms() {
        std::vector<NamedConfig> forms = formsOfEveryMixer();
        for (const auto& more : {bottleneckForms(), segmentForms()}) forms.insert(forms.end(), more.begin(), more.end());
        return forms;
    }

private slots:
    void savedAndLoadedItGoesOnBitForBit_data() {
        QTest::addColumn<int>("index");
        const auto forms = resumedForms();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void savedAndLoadedItGoesOnBitForBit() {
        QFETCH(int, index);
        checkResuming(experimentOf(resumedForms()[static_cast<std::size_t>(index)].config));
    }

    /// Vectors, classes and numbers, from file to file.
    void everyTaskOfVectorsGoesOnBitForBit() {
        int tasks = 0;
        for (const TaskSpec* row : TaskSpec::table()) {
            if (row->input != InputKind::vectors) continue;
            Experiment e;
            e.task.kind = Kind<TaskSpec>(*row);
            e.task.train_size = 100;
            e.task.validation_size = 10;
            e.task.test_size = 1;
            e.training.batch_size = 12;
            e.training.steps = 8;
            if (!problemsOf(e).empty()) continue;  // it reads files
            ++tasks;
            checkResuming(e);
            QVERIFY2(!QTest::currentTestFailed(), row->name.data());
        }
        QVERIFY(tasks >= 2);
    }

    void withEveryOptimizer() {
        for (const UpdateRule* rule : UpdateRule::table()) {
            Experiment e = experimentOf(allForms().front().config);
            e.training.optimizer.kind = rule->name;
            checkResuming(e);
            QVERIFY2(!QTest::currentTestFailed(), rule->name.data());
        }
    }

private:
    static void checkResuming(const Experiment& experiment) {
        const LoadedTask task = loadTask(experiment, {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer whole(task.experiment, model, task.dataset, initialState(*model, task.experiment), 1);
        for (int i = 0; i < 4; ++i) whole.advance();

        QTemporaryDir folder;
        const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "state.safetensors";
        const TrainingState& state = whole.state();
        writeCheckpoint(file, task.experiment, {}, model->layout(), state);
        const CheckpointFile saved = readCheckpoint(file);
        const Model again(saved.experiment.model);
        QVERIFY(again.layout() == model->layout());
        const UpdateRule& rule = *saved.experiment.training.optimizer.kind;
        Trainer resumed(saved.experiment, model, task.dataset, trainingStateOf(saved, again.layout(), rule), 1);

        while (!whole.finished()) whole.advance();
        while (!resumed.finished()) resumed.advance();
        QVERIFY(resumed.state().weights == whole.state().weights);
        QVERIFY(resumed.state().firstMoment == whole.state().firstMoment);
        QVERIFY(resumed.state().secondMoment == whole.state().secondMoment);
    }
};

QTEST_APPLESS_MAIN(ResumeTest)
#include "resume_test.moc"
