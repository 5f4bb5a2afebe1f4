#include "ui/pages/incontext/regression_tab.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>

#include "core/model/sample_input.h"
#include "tests/regression_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/incontext/answers_panel.h"
#include "ui/pages/incontext/incontext_page.h"
#include "ui/pages/incontext/prompt_dialog.h"
#include "ui/pages/incontext/prompt_plot.h"
#include "ui/pages/incontext/regression_presets.h"
#include "ui/pages/incontext/shift_view.h"
#include "ui/pages/incontext/statements_panel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/text_table.h"

using namespace lab;

namespace {

struct PromptBench {
    Workspace workspace;
    Focus focus;
    IncontextPage page{focus, workspace};

    explicit PromptBench(const Experiment& experiment = regressionExperiment()) {
        tab().setPrompts(60);
        tab().lines().setTasks(200);
        tab().history().setPrompts(10);
        focus.setRun(workspace.add(loadTask(experiment, {})));
        focus.showSample(0);
        page.resize(1180, 600);
        static_cast<QWidget&>(page).show();
    }
    RegressionTab& tab() const { return *page.findChild<RegressionTab*>(); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    const PromptLook& look() const { return *tab().scene().look; }
    PromptPlot& plot() const { return part<PromptPlot>("incontext.regression.prompt"); }
    Run& run() const { return *focus.run(); }
    void train() {
        run().train();
        QVERIFY(QTest::qWaitFor([this] { return run().state() == Run::State::finished; }, patience));
    }
};

}  // namespace

class RegressionTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void thePromptOfTheFocusIsShown() {
        PromptBench bench;
        QVERIFY(bench.ready());
        QVERIFY2(bench.tab().absence().isEmpty(), qPrintable(bench.tab().absence()));
        const auto prompt = promptOf(bench.run().experiment().model, bench.run().experiment().task.functions, bench.focus.input().vectors,
                                     bench.focus.input().values);
        QVERIFY(prompt);
        QCOMPARE(bench.look().prompt, *prompt);
        QCOMPARE(bench.plot().prompt().pairs.size(), std::size_t(prompt->points()));
        QCOMPARE(bench.plot().prompt().pairs[1].y(), prompt->y[1]);
        // The curve of the model, the steps, least squares and the pairs.
        QVERIFY(bench.plot().series().size() >= 4);
        QVERIFY(bench.part<TextTable>("incontext.regression.answers").rows().size() >= 5);
        QVERIFY(bench.plot().accessibleDescription().contains(QStringLiteral("query")));
        for (const FigureOffer& offer : bench.tab().figures()) QVERIFY(offer.make());
        QVERIFY(bench.tab().figures().size() >= 3);
    }

    void theModelsAnswerIsTheRunsOwn() {
        PromptBench bench;
        QVERIFY(bench.ready());
        QVERIFY(bench.focus.trace());
        const double last = bench.focus.trace()->at("logits").values.back();
        QVERIFY(std::abs(bench.look().answer - last) < 1e-5);
    }

    void byConstructionTheModelIsTheStep() {
        PromptBench bench;
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().scene().check);
        QVERIFY(bench.tab().scene().check->largestDifference < 1e-12);
        const double drawn = bench.look().answer;
        auto& construct = bench.part<Button>("incontext.regression.construct");
        QTest::mouseClick(&construct, Qt::LeftButton);
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().scene().constructed);
        QVERIFY(!bench.tab().showsWeights());
        const MethodLine& step = bench.look().lines.front();
        QVERIFY(std::abs(bench.look().answer - step.answer) < 1e-5);
        QVERIFY(std::abs(bench.look().answer - drawn) > 1e-6);
        const auto* panel = bench.page.findChild<AnswersPanel*>();
        QVERIFY(panel->verdict().startsWith(QChar(0x2713)));
        QVERIFY(panel->sentence().contains(QStringLiteral("lie on each other")));
        QTest::mouseClick(&construct, Qt::LeftButton);
        QVERIFY(bench.ready());
        QCOMPARE(bench.look().answer, drawn);
    }

    void pairsAndQueryAreDragged() {
        PromptBench bench;
        QVERIFY(bench.ready());
        PromptPlot& plot = bench.plot();
        const QPointF before = plot.prompt().pairs[0];
        const QPoint from = plot.placeOfPair(0).toPoint();
        QTest::mousePress(&plot, Qt::LeftButton, {}, from);
        QVERIFY(plot.held() >= 0);
        const int held = plot.held();
        QTest::mouseMove(&plot, from + QPoint(0, -20));
        QVERIFY(bench.ready());
        QVERIFY(plot.prompt().pairs[std::size_t(held)].y() > before.y());
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, from + QPoint(0, -20));
        QCOMPARE(plot.held(), -1);
        QCOMPARE(bench.focus.sampleIndex(), -1);
        QVERIFY(bench.ready());
        QVERIFY(!bench.look().truth);
        const double query = bench.look().query;
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(bench.ready());
        QVERIFY(bench.look().query > query);
    }

    void keysMoveAPairAndRemoveIt() {
        PromptBench bench;
        QVERIFY(bench.ready());
        PromptPlot& plot = bench.plot();
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_PageDown);
        QCOMPARE(plot.held(), 0);
        const QPointF before = plot.prompt().pairs[0];
        QTest::keyClick(&plot, Qt::Key_Up, Qt::ShiftModifier);
        QVERIFY(bench.ready());
        QVERIFY(plot.prompt().pairs[0].y() > before.y());
        QVERIFY(std::abs(plot.prompt().pairs[0].x() - before.x()) < 1e-5);
        const int points = bench.look().prompt.points();
        QTest::keyClick(&plot, Qt::Key_Delete);
        QVERIFY(bench.ready());
        QCOMPARE(bench.look().prompt.points(), points - 1);
        QTest::mouseClick(&bench.part<Button>("incontext.regression.add"), Qt::LeftButton);
        QVERIFY(bench.ready());
        QCOMPARE(bench.look().prompt.points(), points);
        QTest::keyClick(&plot, Qt::Key_Escape);
        QCOMPARE(plot.held(), -1);
    }

    void aPromptIsTyped() {
        PromptBench bench(regressionExperiment({.dimensions = 1, .points = 3}));
        QVERIFY(bench.ready());
        QTest::mouseClick(&bench.part<Button>("incontext.regression.type"), Qt::LeftButton);
        auto* dialog = bench.page.findChild<PromptDialog*>();
        QVERIFY(dialog && dialog->problem().isEmpty());
        auto* text = dialog->findChild<QPlainTextEdit*>();
        text->setPlainText(QStringLiteral("0.5 1\n0.25 x\n0.3 ?"));
        QVERIFY(!dialog->problem().isEmpty());
        QVERIFY(!dialog->findChild<Button*>(QStringLiteral("incontext.regression.type.take"))->isEnabled());
        text->setPlainText(QStringLiteral("0.5 1; 0.25 2; 0.125 ?"));
        dialog->accept();
        QVERIFY(bench.ready());
        QCOMPARE(bench.look().prompt.points(), 2);
        QCOMPARE(bench.look().query, 0.125);
    }

    void newTaskIsTheNextSample() {
        PromptBench bench;
        QVERIFY(bench.ready());
        const FunctionPrompt before = bench.look().prompt;
        QTest::mouseClick(&bench.part<Button>("incontext.regression.new"), Qt::LeftButton);
        QVERIFY(bench.ready());
        QCOMPARE(bench.focus.sampleIndex(), 1);
        QVERIFY(bench.look().prompt != before);
    }

    void everyPartIsMeasured() {
        PromptBench bench;
        bench.train();
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().scene().lines && bench.tab().scene().lines->complete);
        QVERIFY(!bench.tab().scene().study->byExamples.empty());
        QCOMPARE(bench.tab().scene().runs.size(), 1U);
        QCOMPARE(bench.tab().history().measured().size(), bench.run().history().size());
        const auto see = [&bench](const char* cell) {
            QVERIFY(bench.page.showStage(QStringLiteral("regression"), QString::fromLatin1(cell)));
            QVERIFY(bench.ready());
        };
        see("shift");
        QVERIFY(!bench.tab().scene().study->inputShift.empty());
        see("mixed");
        QVERIFY(!bench.tab().scene().study->between.empty());
        see("products");
        QCOMPARE(bench.tab().scene().study->products.size(), 1U);
        QVERIFY(bench.tab().scene().study->step);
        QVERIFY(!bench.page.showStage(QStringLiteral("regression"), QStringLiteral("nowhere")));
        const auto* said = bench.page.findChild<StatementsPanel*>();
        QVERIFY(said->nothingUpdated().startsWith(QChar(0x2713)));
        QVERIFY(!said->exactAndFitted().isEmpty());
    }

    /// As in other curves over the training.
    void aClickInTheCurveShowsTheStep() {
        PromptBench bench;
        bench.train();
        QVERIFY(bench.ready());
        auto& plot = bench.part<Plot>("incontext.regression.training");
        QVERIFY(plot.isVisible() && !plot.series().empty());
        const QPoint at = plot.place(20, 0).toPoint();
        QTest::mouseClick(&plot, Qt::LeftButton, {}, {at.x(), plot.plotRect().center().toPoint().y()});
        const std::int64_t before = bench.focus.wantedStep();
        QVERIFY(!bench.focus.live() && std::abs(before - 20) <= 1);
        QTRY_COMPARE_WITH_TIMEOUT(bench.focus.shownStep(), before, patience);
        QVERIFY(bench.ready());
        QTRY_COMPARE_WITH_TIMEOUT(plot.scene().hand->x, static_cast<double>(before), patience);
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right);
        QTRY_COMPARE_WITH_TIMEOUT(bench.focus.wantedStep(), before + 1, patience);
    }

    void anotherTaskHasAnEmptyState() {
        PromptBench bench(smallTask(20).experiment);
        QVERIFY(bench.ready());
        QVERIFY(!bench.tab().absence().isEmpty());
        QVERIFY(bench.part<EmptyState>("incontext.regression.none").isVisible());
        QVERIFY(bench.tab().figures().empty());
        QVERIFY(!regressionPreset(true).isEmpty());
        QVERIFY(regressionPreset(true) != regressionPreset(false));
        QSignalSpy places(&bench.page, &Page::placeWanted);
        QTest::mouseClick(&bench.part<QWidget>("incontext.regression.none.open"), Qt::LeftButton);
        QCOMPARE(places.count(), 1);
        QCOMPARE(places[0][0].value<Place>().stage, QStringLiteral("preset.") + regressionPreset(true));
    }

    void softmaxHasNoConstruction() {
        PromptBench bench(regressionExperiment({.kernel = "softmax"}));
        QVERIFY(bench.ready());
        QVERIFY(!bench.tab().scene().check);
        QVERIFY(!bench.part<Button>("incontext.regression.construct").isEnabled());
        QCOMPARE(bench.part<SegmentedControl>("incontext.regression.kernel").current(), 1);
    }

    void notesComeBack() {
        QJsonObject notes;
        {
            PromptBench bench;
            QVERIFY(bench.ready());
            QVERIFY(bench.tab().notes().isEmpty());
            bench.part<QSpinBox>("incontext.regression.steps").setValue(3);
            bench.part<Button>("incontext.regression.construct").setChecked(true);
            QVERIFY(bench.page.showStage(QStringLiteral("regression"), QStringLiteral("shift")));
            bench.page.findChild<ShiftView*>()->setScale(2);
            notes = bench.tab().notes();
        }
        PromptBench other;
        other.tab().takeNotes(notes);
        QVERIFY(other.ready());
        QCOMPARE(other.tab().notes(), notes);
        QVERIFY(other.tab().scene().constructed);
        QCOMPARE(other.tab().scene().steps, 3);
    }

    void theRunMayGoWhileItIsMeasured() {
        PromptBench bench;
        Run* second = bench.workspace.add(loadTask(regressionExperiment({.layers = 2}), {}));
        QVERIFY(bench.page.isVisible());
        bench.page.catchUp();
        Run* gone = bench.focus.run();
        bench.focus.setRun(second);
        bench.workspace.remove(gone);
        QCoreApplication::sendPostedEvents(gone, QEvent::DeferredDelete);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().scene().layers, 2);
        QCOMPARE(bench.tab().scene().runs.size(), 1U);
    }
};

QTEST_MAIN(RegressionTabTest)
#include "regression_tab_test.moc"
