// The page Train shows what the measured parts of a model do over its training: spans, steps, experts.

#include "ui/pages/train/part_view.h"

#include <QSignalSpy>

#include "core/analysis/spans.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/widgets/picture_testing.h"
#include "ui/pages/train/train_page.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/text_table.h"

using namespace lab;

namespace {

LoadedTask partTask(const std::function<void(Experiment&)>& change, int steps = 40) {
    Experiment experiment = smallExperiment({.length = 8, .d_model = 8, .layers = 2, .heads = 2, .steps = steps});
    change(experiment);
    return loadTask(experiment, {});
}

void learnSpans(Experiment& e) {
    e.model.attention.span = true;
    e.model.attention.span_start = 0.5;
    e.model.attention.span_penalty = 0.1;
}

}  // namespace

class PartViewTest : public QObject {
    Q_OBJECT

    /// The page Train in sight with a run of its own.
    struct Bench {
        Workspace workspace;
        Focus focus;
        TrainPage page{focus};
        Run* run;

        explicit Bench(const LoadedTask& task) : run(workspace.add(task)) {
            focus.setRun(run);
            page.resize(1000, 660);
            page.show();
        }
        PartView& view() { return page.parts(); }
        void train() {
            run->train();
            QTRY_COMPARE(run->state(), Run::State::finished);
            QTRY_COMPARE(view().history().measured().size(), run->history().size());
            QTRY_VERIFY(!view().plot().series().empty());
        }
        /// The button of a choice beside the predictions.
        QRadioButton* choice(const QString& text) {
            for (QRadioButton* button : page.beside().findChildren<QRadioButton*>())
                if (button->text() == text) return button;
            return nullptr;
        }
        QString title() {
            for (QWidget* above = &view(); above; above = above->parentWidget())
                if (auto* panel = qobject_cast<PanelFrame*>(above)) return panel->accessibleName();
            return {};
        }
    };

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void cleanup() { Theme::instance().setMode(Theme::Mode::light); }

    void aRunWithoutThemShowsItsSamples() {
        Bench bench(partTask([](Experiment&) {}));
        QTRY_VERIFY(bench.page.moreSamples().isVisible());
        QVERIFY(!bench.view().isVisible() && !bench.page.beside().isVisible());
    }

    void spansAreCurvesOverTheKeptSteps() {
        Bench bench(partTask(learnSpans));
        bench.train();
        QVERIFY(bench.view().isVisible() && bench.page.beside().isVisible());
        QCOMPARE(bench.title(), QStringLiteral("Spans over training"));
        QCOMPARE(bench.view().plot().name(), QStringLiteral("Spans over training"));
        const auto& series = bench.view().plot().series();
        QCOMPARE(series.size(), std::size_t{4});
        QCOMPARE(series[3].name, QStringLiteral("L1 H1"));
        std::size_t i = 0;
        for (const CheckpointPtr& checkpoint : bench.run->history().checkpoints()) {
            QCOMPARE(series[3].x[i], static_cast<double>(checkpoint->step));
            QCOMPARE(series[3].y[i], spansOf(*bench.run->model(), checkpoint->weights)[1].spans[1]);
            ++i;
        }
        QVERIFY(series[3].y.back() != series[3].y.front());
    }

    /// Drawn in both themes, where the values are.
    void curvesAreDrawnWhereTheValuesAre() {
        Bench bench(partTask(learnSpans));
        bench.train();
        for (const Theme::Mode mode : {Theme::Mode::light, Theme::Mode::dark}) {
            Theme::instance().setMode(mode);
            Plot& plot = bench.view().plot();
            const auto& first = bench.view().plot().series().front();
            const std::size_t middle = first.x.size() / 2;
            QTRY_VERIFY(inked(plot.grab().toImage(), plot.place(first.x[middle], first.y[middle]), Theme::instance().color(first.role), 3) >
                        1);
        }
    }

    void tableAndHandFollowTheShownStep() {
        Bench bench(partTask(learnSpans));
        bench.train();
        bench.focus.showKeptStep(10);
        QTRY_COMPARE(bench.view().table().titles().back(), QStringLiteral("step 10"));
        const auto spans = spansOf(*bench.run->model(), bench.run->history().atOrBefore(10)->weights);
        QCOMPARE(bench.view().table().rows()[2].cells, (std::vector<QString>{"L1 H0", fixed(spans[1].spans[0], 1)}));
        QCOMPARE(bench.view().plot().scene().hand->x, 10.0);
        QVERIFY(valueOf(bench.view().plot()).startsWith("step 10: L0 H0 "));
    }

    void keysAndClicksShowAnotherStep() {
        Bench bench(partTask(learnSpans));
        bench.train();
        bench.focus.showKeptStep(10);
        QTRY_COMPARE(bench.view().plot().scene().hand->x, 10.0);
        QTest::keyClick(&bench.view().plot(), Qt::Key_Right);
        QTRY_COMPARE(bench.focus.shownStep(), std::int64_t{11});
        Plot& plot = bench.view().plot();
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.place(30, 1).toPoint());
        QTRY_COMPARE(bench.focus.shownStep(), std::int64_t{30});
    }

    /// Sixteen heads: means of their layers are named, the heads are thin lines of the same colour.
    void ofManyHeadsTheMeansAreNamed() {
        Bench bench(partTask([](Experiment& e) {
            learnSpans(e);
            e.model.num_heads = 4;
        }));
        bench.train();
        const auto& series = bench.view().plot().series();
        QCOMPARE(series.size(), std::size_t{2 + 8});
        QCOMPARE(series[0].name, QStringLiteral("L0, mean of its heads"));
        const auto spans = spansOf(*bench.run->model(), bench.run->history().last()->weights);
        QVERIFY(std::abs(series[1].y.back() - spans[1].mean()) < 1e-9);
        QVERIFY(series[2].quiet && series[2].role == series[0].role && series[2].width < series[0].width);
        QCOMPARE(bench.view().table().rows().size(), std::size_t{2});
        QCOMPARE(bench.view().plot().legend()->entries().size(), std::size_t{2});
    }

    void samplesComeBackAndStayChosen() {
        Bench bench(partTask(learnSpans));
        bench.train();
        QTest::mouseClick(bench.choice(QStringLiteral("samples")), Qt::LeftButton);
        QVERIFY(bench.page.moreSamples().isVisible() && !bench.view().isVisible());
        QCOMPARE(bench.page.beside().current(), 0);
        bench.focus.setRun(bench.workspace.add(partTask(learnSpans)));
        QTRY_VERIFY(bench.page.moreSamples().isVisible());
        QCOMPARE(bench.page.beside().current(), 0);
    }

    void stepsAndExpertsHaveTheirCurves() {
        Bench bench(partTask([](Experiment& e) {
            e.model.depth.kind = DepthKind::act;
            e.model.num_layers = 3;
            e.model.feed_forward.kind = FeedForwardKind::experts;
            e.model.feed_forward.experts = 2;
        }));
        bench.train();
        QCOMPARE(bench.title(), QStringLiteral("Steps over training"));
        QCOMPARE(bench.view().plot().series()[0].name, QStringLiteral("steps N"));
        for (const double steps : bench.view().plot().series()[0].y) QVERIFY(steps >= 1 && steps <= 3);
        for (const QString& offered : {QStringLiteral("samples"), QStringLiteral("steps"), QStringLiteral("experts")})
            QVERIFY(bench.choice(offered)->isVisible());
        QVERIFY(!bench.choice(QStringLiteral("spans"))->isVisible());
        QTest::mouseClick(bench.choice(QStringLiteral("experts")), Qt::LeftButton);
        QCOMPARE(bench.title(), QStringLiteral("Experts over training"));
        const auto& series = bench.view().plot().series();
        QVERIFY(!series.empty());
        QVERIFY(bench.view().plot().scene().levels.size() == 1 && bench.view().plot().scene().levels[0].y == 50.0);
        for (std::size_t i = 0; i < series[0].y.size(); ++i) QVERIFY(std::abs(series[0].y[i] + series[1].y[i] - 100) < 1e-9);
    }

    void itIsExportedWithItsNumbers() {
        Bench bench(partTask(learnSpans));
        bench.train();
        QTRY_VERIFY(bench.page.catchUp());
        for (const FigureOffer& offer : bench.page.allFigures()) {
            if (offer.name != "Spans over training") continue;
            const auto figure = offer.make();
            QCOMPARE(figure->table().header, (std::vector<std::string>{"curve", "x", "y"}));
            QCOMPARE(figure->table().rows.size(), 4 * bench.run->history().size());
            const auto film = offer.makeFilm();
            QVERIFY(film);
            return;
        }
        QFAIL("no such picture");
    }

    /// A run that begins again forgets what was measured.
    void aResetBeginsAgain() {
        Bench bench(partTask(learnSpans));
        bench.train();
        bench.run->reset();
        QTRY_COMPARE(bench.run->step(), std::int64_t{0});
        QTRY_VERIFY(bench.view().history().measured().size() == 1);
        QTRY_COMPARE(bench.view().plot().series()[0].x.size(), std::size_t{1});
    }
};

QTEST_MAIN(PartViewTest)
#include "part_view_test.moc"
