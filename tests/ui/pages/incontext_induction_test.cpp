#include <QComboBox>
#include <QPainter>
#include <QSignalSpy>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/incontext/incontext_page.h"
#include "ui/pages/incontext/induction_tab.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/text_table.h"

using namespace lab;

namespace {

LoadedTask layersOnBlocks(int layers, RepeatPeriod period, int steps = 40) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .steps = steps});
    experiment.name = "L" + std::to_string(layers);
    experiment.task.kind = "repeat";
    experiment.task.seq_len = 16;
    experiment.task.repeat.period = period;
    experiment.model.architecture = Architecture::decoder;
    experiment.model.num_layers = layers;
    return loadTask(experiment, {});
}

struct InductionDesk {
    Workspace workspace;
    Focus focus;
    IncontextPage page{focus, workspace};

    explicit InductionDesk(const std::vector<LoadedTask>& tasks) {
        for (const LoadedTask& task : tasks) workspace.add(task);
        if (!tasks.empty()) focus.setRun(workspace.runs().front());
        page.resize(1180, 560);
        page.showTab(QStringLiteral("induction"));
        static_cast<QWidget&>(page).show();
        (void)ready();
    }
    InductionTab& tab() const { return dynamic_cast<InductionTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience) &&
               QTest::qWaitFor([this] { return page.catchUp(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    const std::vector<PlotSeries>& series(const char* name) const { return part<Plot>(name).series(); }
};

const std::vector<LoadedTask>& bothLayers() {
    static const std::vector<LoadedTask> tasks{layersOnBlocks(1, RepeatPeriod::random), layersOnBlocks(2, RepeatPeriod::random)};
    return tasks;
}

}  // namespace

class IncontextInductionTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void withoutARunThatRepeatsItSaysSoAndOpensThem() {
        InductionDesk desk({smallTask()});
        auto& none = desk.part<EmptyState>("incontext.induction.none");
        QVERIFY(none.isVisible());
        QVERIFY(desk.page.figures().empty());
        QSignalSpy places(&desk.page, &Page::placeWanted);
        QTest::mouseClick(none.button(), Qt::LeftButton);
        QCOMPARE(places.count(), 1);
        QCOMPARE(places[0][0].value<Place>().stage, QStringLiteral("comparison.10-induction"));
    }

    void theLossOfEachTokenIsThatOfCore() {
        InductionDesk desk(bothLayers());
        QCOMPARE(desk.tab().lines().size(), std::size_t{2});
        const auto& series = desk.series("incontext.induction.loss");
        QCOMPARE(series.size(), std::size_t{2});
        for (std::size_t r = 0; r < 2; ++r) {
            const Run& run = *desk.workspace.runs()[r];
            std::vector<Sample> samples;
            for (int i = 0; i < std::min(InductionHistory::sampleCount, run.dataset()->validationSize()); ++i)
                samples.push_back(run.dataset()->validationSample(i));
            const auto expected = inductionMeasures(*run.model(), run.latest()->weights, run.experiment().task, samples);
            QCOMPARE(series[r].y, std::vector<double>(expected->lossOfToken.begin() + 1, expected->lossOfToken.end()));
            QCOMPARE(series[r].name, run.name());
        }
    }

    void anotherStepIsAnotherPicture() {
        InductionDesk desk(bothLayers());
        Run& run = *desk.focus.run();
        const std::vector<double> before = desk.series("incontext.induction.loss")[0].y;
        run.train();
        QTRY_VERIFY(run.state() == RunState::finished);
        QVERIFY(desk.ready());
        QVERIFY(desk.series("incontext.induction.loss")[0].y != before);
        QCOMPARE(desk.series("incontext.induction.score")[0].x.size(), run.history().size());
        desk.focus.showKeptStep(0);
        QVERIFY(desk.ready());
        QCOMPARE(desk.series("incontext.induction.loss")[0].y, before);
        QCOMPARE(desk.part<Plot>("incontext.induction.score").scene().hand->x, 0.0);
    }

    void theHandIsMovedOverTheCurve() {
        InductionDesk desk(bothLayers());
        Run& run = *desk.focus.run();
        run.train();
        QTRY_VERIFY(run.state() == RunState::finished);
        QVERIFY(desk.ready());
        auto& score = desk.part<Plot>("incontext.induction.score");
        score.setFocus();
        QTest::keyClick(&score, Qt::Key_Home);
        QVERIFY(desk.ready());
        QCOMPARE(desk.focus.shownStep(), std::int64_t{0});
    }

    void aRunThatIsClosedGoes() {
        InductionDesk desk(bothLayers());
        desk.workspace.remove(desk.workspace.runs().back());
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab().lines().size(), std::size_t{1});
        QCOMPARE(desk.series("incontext.induction.loss").size(), std::size_t{1});
    }

    void theTableHasARowARunWithItsPeriod() {
        InductionDesk desk(
            {layersOnBlocks(1, RepeatPeriod::fixed), layersOnBlocks(1, RepeatPeriod::random), layersOnBlocks(2, RepeatPeriod::random)});
        const auto& rows = desk.part<TextTable>("incontext.induction.table").rows();
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].cells[2], QStringLiteral("fixed"));
        QCOMPARE(rows[1].cells[2], QStringLiteral("random"));
        QCOMPARE(rows[2].cells[1], QStringLiteral("2"));
        for (const TextTable::Row& row : rows) QVERIFY(row.cells[4] != QStringLiteral("\u2013"));
    }

    /// Untrained, no head is called anything.
    void whatHasNotFormedIsNotSaidToHave() {
        InductionDesk desk(bothLayers());
        for (const InductionLine& line : desk.tab().lines()) {
            const QString words = inductionWords(line);
            QVERIFY2(words.contains(QStringLiteral("no head has half")), qPrintable(words));
            QVERIFY(words.startsWith(line.name));
        }
    }

    void everythingCanBeExported() {
        InductionDesk desk(bothLayers());
        desk.focus.run()->train();
        QTRY_VERIFY(desk.focus.run()->state() == RunState::finished);
        QVERIFY(desk.ready());
        const std::vector<FigureOffer> offers = desk.page.figures();
        QVERIFY(offers.size() >= 5);  // four plots and the table
        for (const FigureOffer& offer : offers) {
            const PrintTheme paper;
            const auto figure = offer.make();
            QVERIFY2(!figure->table().rows.empty(), qPrintable(offer.name));
            QImage image(figure->size().toSize(), QImage::Format_ARGB32_Premultiplied);
            QPainter painter(&image);
            figure->paint(painter);
        }
    }

    void everyPartHasAName() {
        InductionDesk desk(bothLayers());
        for (const Plot* plot : desk.tab().findChildren<Plot*>()) QVERIFY(!plot->accessibleName().isEmpty() || !plot->name().isEmpty());
        QVERIFY(!desk.tab().heading().detail.isEmpty());
        QVERIFY(desk.tab().showsWeights());
    }
};

QTEST_MAIN(IncontextInductionTest)
#include "incontext_induction_test.moc"
