#include "ui/pages/incontext/dictionary_tab.h"

#include <QtTest>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/sweep/finished_results.h"
#include "ui/pages/incontext/dictionary_table.h"
#include "ui/pages/incontext/dictionary_ways.h"
#include "ui/pages/incontext/incontext_page.h"
#include "ui/text/message_text.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

constexpr DictionaryKind allWays[] = {DictionaryKind::none, DictionaryKind::context, DictionaryKind::attended, DictionaryKind::standing};

/// A tab with the rows that come with the program.
struct ShippedDictionary {
    Focus focus;
    Workspace workspace;
    IncontextPage page{focus, workspace};

    ShippedDictionary() {
        page.resize(1100, 560);
        page.showTab(QStringLiteral("dictionary"));
        static_cast<QWidget&>(page).show();
        tab().refresh();
    }
    DictionaryTab& tab() const { return dynamic_cast<DictionaryTab&>(page.tab()); }
};

Sweep dictionaryGrid() {
    return parseSweep(std::ranges::find(builtInSweeps(), "dictionary", &BuiltInSweep::name)->json, {});
}

/// One with made-up accuracies of the grid's own shapes.
struct DictionaryBench : ShippedDictionary {
    DictionaryBench() {
        const Sweep grid = dictionaryGrid();
        std::vector<DictionaryPoint> points;
        double accuracy = 0.3;
        for (const DictionaryKind kind : allWays)
            for (const int entries : {16, 128, 1024}) {
                Experiment experiment = grid.base;
                experiment.model.dictionary.kind = kind;
                experiment.task.parameters.set("entries", entries);
                points.push_back({kind, entries, 16, 5, accuracy += 0.05, 0.01, dictionaryCost(resolved(experiment))});
            }
        tab().take(grid.base, points, QStringLiteral("made up"));
    }
};

const DictionaryPoint& pointOf(const DictionaryTab& tab, DictionaryKind kind) {
    const DictionaryPoint* point = dictionaryPoint(tab.points(), kind, tab.size());
    Q_ASSERT(point);
    return *point;
}

}  // namespace

class DictionaryTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void everyWayAndSizeComesWithTheProgram() {
        ShippedDictionary shipped;
        const DictionaryTab& tab = shipped.tab();
        QVERIFY(tab.ready());
        const bool come = std::ranges::find(finishedResults(), "dictionary", &FinishedResult::name) != finishedResults().end();
        QCOMPARE(tab.table().isVisible(), come);
        QCOMPARE(tab.growthPlot().isVisible(), come);
        QCOMPARE(tab.sentence().isEmpty(), !come);
        QVERIFY(tab.accuracyPlot().isVisible());
        if (!come) {
            QVERIFY(tab.points().empty() && tab.accuracyPlot().series().empty());
            QVERIFY(shipped.tab().figures().empty());
            return;
        }
        const std::vector<int> sizes = dictionarySizes(tab.points());
        QCOMPARE(sizes.front(), 16);
        QCOMPARE(sizes.back(), 1024);
        QCOMPARE(tab.points().size(), 4 * sizes.size());
        for (const DictionaryPoint& point : tab.points()) QCOMPARE(point.runs, 5);
        QCOMPARE(tab.table().points().size(), std::size_t{4});
    }

    void theSentenceSaysWhatTheTableHas() {
        DictionaryBench bench;
        for (const int size : dictionarySizes(bench.tab().points())) {
            bench.tab().setSize(size);
            QCOMPARE(bench.tab().size(), size);
            const auto found = dictionaryFindings(bench.tab().points(), size);
            QVERIFY(!found.empty());
            QCOMPARE(bench.tab().sentence(), shown(found.front()));
            QVERIFY(bench.tab().sentence().contains(QString::number(size)));
            for (const DictionaryPoint& row : bench.tab().table().points()) QCOMPARE(row.entries, size);
        }
    }

    /// The hand on the plot of sizes, by keys, goes to the sizes that were tested.
    void theHandChoosesASize() {
        DictionaryBench bench;
        Plot& growth = bench.tab().growthPlot();
        const std::vector<int> sizes = dictionarySizes(bench.tab().points());
        emit growth.handMoved(sizes.back() * 0.9);
        QCOMPARE(bench.tab().size(), sizes.back());
        emit growth.handMoved(1);
        QCOMPARE(bench.tab().size(), sizes.front());
        QVERIFY(growth.scene().hand);
        QCOMPARE(growth.scene().hand->x, static_cast<double>(sizes.front()));
        growth.setFocus();
        QTest::keyClick(&growth, Qt::Key_End);
        QCOMPARE(bench.tab().size(), sizes.back());
    }

    void curvesAreDrawnAgainstWhatIsChosen() {
        DictionaryBench bench;
        Plot& plot = bench.tab().accuracyPlot();
        for (const PlotSeries& series : plot.series())  // all of it stands where it can be seen
            for (std::size_t p = 0; p < series.x.size(); ++p) QVERIFY(QRectF(plot.rect()).contains(plot.place(series.x[p], series.y[p])));
        QCOMPARE(plot.series().size(), std::size_t{4});
        const auto xOf = [&](DictionaryKind kind) {
            for (const PlotSeries& series : plot.series())
                if (series.name == dictionaryName(kind)) return series.x;
            return std::vector<double>();
        };
        const DictionaryPoint& context = pointOf(bench.tab(), DictionaryKind::context);
        QCOMPARE(std::ranges::count(xOf(DictionaryKind::context), context.cost.answer), 1);
        bench.tab().setMeasure(DictionaryMeasure::anew);
        QCOMPARE(std::ranges::count(xOf(DictionaryKind::context), context.cost.unkept()), 1);
        bench.tab().setMeasure(DictionaryMeasure::memory);
        QVERIFY(xOf(DictionaryKind::none).empty());  // takes none
        QCOMPARE(std::ranges::count(xOf(DictionaryKind::context), context.cost.kept / 1024), 1);
        const auto* control = bench.page.findChild<SegmentedControl*>(QStringLiteral("incontext.dictionary.measure"));
        QVERIFY(control);
        QCOMPARE(control->current(), static_cast<int>(DictionaryMeasure::memory));
    }

    void growthIsTheCostByTheShapes() {
        DictionaryBench bench;
        for (const PlotSeries& series : bench.tab().growthPlot().series()) {
            const auto place = std::ranges::find(series.x, static_cast<double>(bench.tab().size())) - series.x.begin();
            for (const DictionaryKind kind : allWays)
                if (series.name == dictionaryName(kind))
                    QCOMPARE(series.y[static_cast<std::size_t>(place)], pointOf(bench.tab(), kind).cost.answer);
        }
    }

    void aSessionKeepsSizeAndMeasure() {
        DictionaryBench bench;
        QVERIFY(bench.tab().notes().isEmpty());
        bench.tab().setSize(1024);
        bench.tab().setMeasure(DictionaryMeasure::memory);
        const QJsonObject notes = bench.tab().notes();
        DictionaryBench other;
        other.tab().takeNotes(notes);
        QCOMPARE(other.tab().size(), 1024);
        QVERIFY(other.tab().measure() == DictionaryMeasure::memory);
        QCOMPARE(other.tab().notes(), notes);
        other.tab().takeNotes({});
        QVERIFY(other.tab().notes().isEmpty());
    }

    void whatIsInSightCanBeExported() {
        DictionaryBench bench;
        QVERIFY(bench.tab().figures().size() >= 3);
        QVERIFY(bench.tab().table().table().rows.size() == 4);
    }

    void drawingsAreDescribed() {
        DictionaryBench bench;
        const auto* drawings = bench.page.findChild<DictionaryWays*>();
        QVERIFY(drawings);
        for (const DictionaryKind kind : allWays) QVERIFY(drawings->property("labPictureValue").toString().contains(dictionaryName(kind)));
    }
};

QTEST_MAIN(DictionaryTabTest)
#include "dictionary_tab_test.moc"
