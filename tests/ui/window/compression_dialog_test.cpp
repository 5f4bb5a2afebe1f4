#include "ui/window/compression_dialog.h"

#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>

#include "core/data/loaded_task.h"
#include "core/data/validation_spread.h"
#include "core/io/checkpoint.h"
#include "core/io/quantised_checkpoint.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/vector_tasks.h"
#include "ui/documents/document_source.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

/// A trained run, and smaller forms of it.
struct CompressionDesk {
    explicit CompressionDesk(int validation = 40) {
        Experiment e =
            lab::smallExperiment({.name = "desk", .train = 128, .validation = validation, .test = 8, .layers = 2, .heads = 4, .steps = 20});
        session.openTask(loadTask(e, {}));
        run = session.run();
        run->train();
        trained = QTest::qWaitFor([this] { return run->state() == Run::State::finished; }, lab::patience) &&
                  QTest::qWaitFor([this] { return focus.checkpoint() && focus.checkpoint()->step == run->step(); }, lab::patience);
        dialog = std::make_unique<CompressionDialog>(session);
        dialog->show();
    }
    ~CompressionDesk() { workspace.stop(); }
    bool measure(CompressionDialog::Kind kind, PruneBy by = PruneBy::size) {
        dialog->choose(kind, by);
        dialog->startButton().click();
        return QTest::qWaitFor([this] { return !dialog->running() && !dialog->result().empty(); }, lab::patience);
    }

    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
    Run* run = nullptr;
    bool trained = false;
    std::unique_ptr<CompressionDialog> dialog;
};

}  // namespace

class CompressionDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void schemesAreMeasuredAndTheRunIsNotTouched() {
        CompressionDesk desk;
        QVERIFY(desk.trained);
        const Weights before = desk.run->latest()->weights;
        QVERIFY(desk.measure(CompressionDialog::Kind::quantise));
        const ExperimentTable& table = desk.dialog->result();
        QCOMPARE(table.rows.size(), QuantisationScheme::table().size() + 1);
        const auto forms = *quantisedForms(*desk.run->model(), before, validationSpread(*desk.run->dataset(), 1 << 16));
        for (std::size_t i = 0; i < forms.size(); ++i) {
            QCOMPARE(table.rows[i].numbers[0], static_cast<double>(forms[i].bytes));
            QCOMPARE(table.rows[i].numbers[2], forms[i].score.loss);
            QCOMPARE(table.rows[i].numbers[3], forms[i].score.loss - forms[0].score.loss);
        }
        QVERIFY2(desk.dialog->said().text().startsWith("Over 40 validation sequences, weights of step 20."),
                 qPrintable(desk.dialog->said().text()));
        QVERIFY(desk.run->latest()->weights == before);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{1});
        QVERIFY(!desk.dialog->steps().isVisible());
        QVERIFY(!desk.dialog->grab().isNull());
    }

    /// Of running text the loss is told in bits a byte as well.
    void bitsAByteAreTold() {
        MeasuredForms measured{20, 3, {0.5, true}, PruneWhat::heads, std::vector<Compressed>(1)};
        measured.forms[0].bytes = 100;
        measured.forms[0].score = {2, 0.25, 0};
        const Model model(loadTask(lab::smallExperiment({}), {}).experiment.model);
        ExperimentTable table = quantisedTable(model, measured);
        QCOMPARE(table.columns.back().id, std::string("bits_per_byte"));
        QCOMPARE(table.rows[0].numbers, (std::vector<double>{100, 1, 2, 0, 0.25, 1}));
        measured.unit = {};
        table = quantisedTable(model, measured);
        QCOMPARE(table.columns.back().id, std::string("accuracy"));
        QCOMPARE(table.rows[0].numbers.size(), table.columns.size());
    }

    /// Answers in numbers are not right: what they explain is told.
    void whatNumbersExplainIsTold() {
        MeasuredForms measured{20, 3, {}, PruneWhat::heads, std::vector<Compressed>(1)};
        measured.forms[0].bytes = 100;
        const Model model(smallPrompts().experiment.model);
        for (const ExperimentTable& table : {quantisedTable(model, measured), prunedTable(model, measured)}) {
            QCOMPARE(table.columns.back().id, std::string("explained"));
            QCOMPARE(table.columns.back().title, QStringLiteral("explained"));
            QVERIFY2(table.columns.back().help.contains(QStringLiteral("squares")), qPrintable(table.columns.back().help));
        }
    }

    /// A quantised run stands beside the others and has nothing to train.
    void aQuantisedFormOpensBeside() {
        CompressionDesk desk;
        QVERIFY(desk.trained && desk.measure(CompressionDialog::Kind::quantise));
        desk.dialog->table().setChosen(2);
        QVERIFY(desk.dialog->openButton().isEnabled());
        desk.dialog->openButton().click();
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
        const Run* beside = desk.workspace.runs().back();
        QCOMPARE(beside->state(), Run::State::finished);
        QCOMPARE(beside->step(), std::int64_t{20});
        QCOMPARE(beside->latest()->weights, quantised(desk.run->latest()->weights, desk.run->model()->layout(), *findQuantisation(4)));
        QCOMPARE(beside->name(), QStringLiteral("desk, 4 bits"));
        QCOMPARE(desk.focus.run(), desk.run);
        desk.focus.setRun(desk.workspace.runs().back());  // it can be shown
        QCOMPARE(desk.session.run(), beside);
    }

    /// Its file opens as what it was.
    void aQuantisedFormIsSaved() {
        CompressionDesk desk;
        QTemporaryDir folder;
        QVERIFY(desk.trained && desk.measure(CompressionDialog::Kind::quantise));
        desk.dialog->table().setChosen(1);
        const QString path = folder.filePath("q.safetensors");
        QVERIFY(desk.dialog->saveTo(path));
        const DocumentSource source = readDocument(pathOf(path));
        QCOMPARE(source.state->weights, quantised(desk.run->latest()->weights, desk.run->model()->layout(), *findQuantisation(8)));
        QCOMPARE(source.state->step, std::int64_t{20});
        QCOMPARE(source.experiment.training.steps, 20);
        QVERIFY(source.path.isEmpty());  // Save asks where
        QVERIFY(desk.session.openFile(path));
        QCOMPARE(desk.session.run()->state(), Run::State::finished);
        QVERIFY(!desk.dialog->saveTo(folder.filePath("none/q.safetensors")));
    }

    void whatCannotBeWrittenSaysWhy() {
        CompressionDesk desk;
        QTemporaryDir folder;
        QVERIFY(desk.trained && desk.measure(CompressionDialog::Kind::quantise));
        desk.dialog->table().setChosen(1);
        QVERIFY(!desk.dialog->saveTo(folder.filePath("none/q.safetensors")));
        QVERIFY2(desk.dialog->said().text().contains("none/q.safetensors"), qPrintable(desk.dialog->said().text()));
    }

    void headsAndWeightsArePruned() {
        CompressionDesk desk;
        QVERIFY(desk.trained);
        for (const auto kind : {CompressionDialog::Kind::heads, CompressionDialog::Kind::weights})
            for (const PruneBy by : {PruneBy::size, PruneBy::ablation}) {
                QVERIFY(desk.measure(kind, by));
                const auto& rows = desk.dialog->result().rows;
                QCOMPARE(rows.size(), std::size_t{6});
                for (std::size_t i = 1; i < rows.size(); ++i) QVERIFY(rows[i].numbers[1] > rows[i - 1].numbers[1]);  // zeros
                QVERIFY(desk.dialog->steps().isVisible());
            }
    }

    /// It trains, and what is 0 stays 0.
    void aPrunedFormTrainsOn() {
        CompressionDesk desk;
        QVERIFY(desk.trained && desk.measure(CompressionDialog::Kind::weights));
        desk.dialog->table().setChosen(3);
        desk.dialog->steps().setValue(15);
        Run* beside = desk.dialog->openBeside();
        QVERIFY(beside);
        const Weights pruned = beside->history().atOrBefore(0)->weights;
        QTRY_COMPARE_WITH_TIMEOUT(beside->state(), Run::State::finished, lab::patience);
        QCOMPARE(beside->step(), std::int64_t{15});
        const Weights after = beside->latest()->weights;
        std::size_t zeros = 0, moved = 0;
        for (const Parameter& p : beside->model()->layout().parameters())
            for (std::size_t i = p.offset; p.isHiddenMatrix() && i < p.offset + p.size; ++i) {
                if (pruned[i] == 0) QCOMPARE(after[i], 0.0f);
                zeros += pruned[i] == 0;
                moved += pruned[i] != after[i];
            }
        QVERIFY(zeros > 500 && moved > 500);
    }

    void aPrunedFormIsSaved() {
        CompressionDesk desk;
        QTemporaryDir folder;
        QVERIFY(desk.trained && desk.measure(CompressionDialog::Kind::heads));
        desk.dialog->table().setChosen(3);
        const QString path = folder.filePath("p.safetensors");
        QVERIFY(desk.dialog->saveTo(path));
        const CheckpointFile file = readCheckpoint(pathOf(path));
        QVERIFY(file.experiment.training.keep_zeros && file.metadata.contains("attention_lab.pruned"));
    }

    /// The row of the model as it is opens nothing.
    void theModelAsItIsIsNoForm() {
        CompressionDesk desk;
        QVERIFY(desk.trained);
        QVERIFY(!desk.dialog->openButton().isEnabled() && !desk.dialog->saveButton().isEnabled());
        QVERIFY(desk.measure(CompressionDialog::Kind::quantise));
        desk.dialog->table().setChosen(0);
        emit desk.dialog->table().rowChosen(0);
        QVERIFY(!desk.dialog->openButton().isEnabled());
        QVERIFY(!desk.dialog->openBeside());
    }

    void withoutValidationItSaysWhy() {
        CompressionDesk desk(0);
        QVERIFY(desk.trained);
        desk.dialog->startButton().click();
        QTRY_VERIFY_WITH_TIMEOUT(!desk.dialog->running(), lab::patience);
        QTRY_COMPARE(desk.dialog->said().text(), QStringLiteral("This task has no validation sequences to measure on."));
    }

    /// Another run has results of its own.
    void resultsBelongToTheirRun() {
        CompressionDesk desk;
        QVERIFY(desk.trained && desk.measure(CompressionDialog::Kind::quantise));
        desk.dialog->table().setChosen(1);
        Run* beside = desk.dialog->openBeside();
        desk.focus.setRun(beside);
        QVERIFY(desk.dialog->result().empty());
        desk.focus.setRun(desk.run);
        QVERIFY(!desk.dialog->result().empty());
    }
};

QTEST_MAIN(CompressionDialogTest)
#include "compression_dialog_test.moc"
