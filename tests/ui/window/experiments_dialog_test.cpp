#include "ui/window/experiments_dialog.h"

#include <QTemporaryDir>
#include <QtTest>

#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/vector_tasks.h"
#include "ui/documents/session.h"
#include "ui/runs/focus.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

/// A trained run, and experiments beside it.
struct ExperimentDesk {
    explicit ExperimentDesk(int steps = 20) {
        Experiment e = lab::smallExperiment({.train = 128, .validation = 40, .test = 8, .layers = 2, .steps = steps});
        e.training.validate_every = 10;
        session.openTask(loadTask(e, {}));
        run = session.run();
        run->train();
        trained = QTest::qWaitFor([this] { return run->state() == Run::State::finished; }, lab::patience) &&
                  QTest::qWaitFor([this] { return focus.checkpoint() && focus.checkpoint()->step == run->step(); }, lab::patience);
        dialog = std::make_unique<ExperimentsDialog>(session);
        dialog->show();
    }
    ~ExperimentDesk() { workspace.stop(); }
    bool measure(ExperimentsDialog::Kind kind) {
        dialog->choose(kind);
        dialog->startButton().click();
        return QTest::qWaitFor([this] { return !dialog->running() && !dialog->result().empty(); }, lab::patience);
    }

    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
    Run* run = nullptr;
    bool trained = false;
    std::unique_ptr<ExperimentsDialog> dialog;
};

}  // namespace

class ExperimentsDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void mapsAreReplacedAndTheRunIsNot() {
        ExperimentDesk desk;
        QVERIFY(desk.trained);
        const Weights before = desk.run->latest()->weights;
        QVERIFY(desk.measure(ExperimentsDialog::Kind::maps));
        const ExperimentTable& table = desk.dialog->result();
        QCOMPARE(table.rows.size(), fixedMapSubjects(*desk.run->model()).size());
        std::vector<Sample> samples;
        for (int i = 0; i < 40; ++i) samples.push_back(desk.run->dataset()->validationSample(i));
        const auto expected = fixedMaps(*desk.run->model(), before, samples);
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            QCOMPARE(table.rows[i].numbers[0], expected->own.accuracy);
            QCOMPARE(table.rows[i].numbers[1], expected->rows[i].mean.accuracy);
            QCOMPARE(table.rows[i].numbers[2], expected->rows[i].other.accuracy);
        }
        QVERIFY2(desk.dialog->said().text().contains("40 validation inputs of 6 tokens, step 20"), qPrintable(desk.dialog->said().text()));
        QVERIFY(desk.run->latest()->weights == before);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{1});
        QCOMPARE(desk.dialog->table().table().rows.size(), table.rows.size());
        QVERIFY(!desk.dialog->grab().isNull());
    }

    /// Answers in numbers are not right: tables and sentences tell what is explained.
    void whatNumbersExplainIsTold() {
        const Model model(smallPrompts().experiment.model);
        MeasuredMaps measured{20, 9, {2, {}, {{{0, 0}, {}, {}}}}};
        measured.maps.own.accuracy = measured.maps.rows[0].other.accuracy = 0.95;
        const ExperimentTable table = fixedMapsTable(model, measured);
        QCOMPARE(table.columns[0].id, std::string("explained_own"));
        QVERIFY2(table.sentence.contains("explains 95") && table.sentence.contains("the explained share falls by less"),
                 qPrintable(table.sentence));
        QVERIFY2(!table.sentence.contains("right") && !table.sentence.contains("accuracy"), qPrintable(table.sentence));
        Workspace workspace;
        Run* run = workspace.add(smallPrompts());
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        const ExperimentTable frozen = frozenTable(*run, {run});
        QCOMPARE(frozen.columns.back().id, std::string("validation_explained"));
        QVERIFY2(frozen.sentence.contains("validation explained share "), qPrintable(frozen.sentence));
        workspace.stop();
    }

    void positionsAreProbed() {
        ExperimentDesk desk;
        QVERIFY(desk.trained);
        QVERIFY(desk.measure(ExperimentsDialog::Kind::positions));
        const ExperimentTable& table = desk.dialog->result();
        QCOMPARE(table.rows.size(), std::size_t{2});
        QCOMPARE(table.rows[0].numbers[4], 1.0 / 6);
        QVERIFY(table.rows[0].numbers[0] > 0.9);  // sinusoids were added
        QVERIFY2(desk.dialog->said().text().contains("30 validation inputs"), qPrintable(desk.dialog->said().text()));
        QVERIFY2(desk.dialog->said().text().contains("10 others"), qPrintable(desk.dialog->said().text()));
    }

    /// Both begin anew beside the run, and what they reach is said.
    void frozenRunsBeginBesideIt() {
        ExperimentDesk desk;
        QVERIFY(desk.trained);
        desk.dialog->choose(ExperimentsDialog::Kind::frozen);
        QCOMPARE(desk.dialog->result().rows.size(), std::size_t{1});
        desk.dialog->startButton().click();
        QCOMPARE(desk.workspace.runs().size(), std::size_t{3});
        for (const Run* run : desk.workspace.runs()) QTRY_COMPARE(run->state(), Run::State::finished);
        QTRY_COMPARE(desk.dialog->result().rows.size(), std::size_t{3});
        QCOMPARE(desk.focus.run(), desk.run);
        QVERIFY(!desk.dialog->startButton().isEnabled());  // both are there
        for (Run* run : desk.workspace.runs()) {
            const bool attention = run->experiment().training.frozen == frozenAttention(),
                       rest = run->experiment().training.frozen == frozenRest(*run);
            const auto moved = [&](const char* name) {
                const Parameter& p = *run->model()->layout().find(name);
                const Weights &now = run->latest()->weights, &was = run->history().atOrBefore(0)->weights;
                return !std::equal(at(now, p), at(now, p) + p.size, at(was, p));
            };
            QCOMPARE(moved("encoder.0.attention.query.weight"), !attention);
            QCOMPARE(moved("encoder.0.feed_forward.up.weight"), !rest);
        }
        const QString said = desk.dialog->said().text();
        QVERIFY2(said.contains("W_Q, W_K, W_V, W_O as drawn: loss on the batch") &&
                     said.contains("all but the attention as drawn: loss on the batch") &&
                     said.contains("ll weights trained: loss on the batch"),
                 qPrintable(said));
    }

    /// A net over the positions of as many parameters, with the same seeds.
    void aNetInPlaceOfAttentionBeginsBesideIt() {
        ExperimentDesk desk;
        QVERIFY(desk.trained);
        desk.dialog->choose(ExperimentsDialog::Kind::net);
        QCOMPARE(desk.dialog->startButton().text(), QStringLiteral("Begin the run"));
        desk.dialog->startButton().click();
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
        Run* net = desk.workspace.runs().back();
        QVERIFY(!net->experiment().model.attends() && net->experiment().training.seed == desk.run->experiment().training.seed);
        QTRY_COMPARE_WITH_TIMEOUT(net->state(), Run::State::finished, lab::patience);
        QTRY_COMPARE(desk.dialog->result().rows.size(), std::size_t{2});
        QTRY_VERIFY2(desk.dialog->said().text().contains("a net over all positions: loss"), qPrintable(desk.dialog->said().text()));
        QVERIFY(!desk.dialog->startButton().isEnabled());  // it is there
        const auto& rows = desk.dialog->result().rows;
        QVERIFY(std::abs(rows[0].numbers[0] - rows[1].numbers[0]) < 0.2 * rows[0].numbers[0]);
    }

    /// Where there can be none, it is said.
    void aDecoderHasNoNet() {
        ExperimentDesk desk;
        Experiment e = lab::smallExperiment({.train = 128, .validation = 40, .test = 8, .layers = 1, .steps = 4});
        e.model.architecture = Architecture::decoder;
        desk.session.openTask(loadTask(e, {}));
        desk.dialog->choose(ExperimentsDialog::Kind::net);
        QVERIFY(!desk.dialog->startButton().isEnabled());
        QVERIFY2(desk.dialog->said().text().startsWith("Only an encoder"), qPrintable(desk.dialog->said().text()));
    }

    void whatCannotBeMeasuredSaysWhy() {
        ExperimentDesk desk(4);
        QVERIFY(desk.trained);
        Input longer = desk.focus.input();
        longer.tokens.push_back(1);
        longer.targets.clear();
        desk.focus.setInput(longer);
        desk.dialog->choose(ExperimentsDialog::Kind::maps);
        desk.dialog->startButton().click();
        QTRY_VERIFY2(desk.dialog->said().text().startsWith("0 validation inputs are as long as this one (7 tokens)"),
                     qPrintable(desk.dialog->said().text()));
        QVERIFY(desk.dialog->result().empty());
    }
};

QTEST_MAIN(ExperimentsDialogTest)
#include "experiments_dialog_test.moc"
