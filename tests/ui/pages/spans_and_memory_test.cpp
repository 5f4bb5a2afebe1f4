// What the page Maps shows of heads that learn how far they look, and of streams that are read segment after segment.

#include <QtTest>
#include <algorithm>

#include "core/analysis/spans.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/cell_story.h"
#include "ui/pages/maps/head_table.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/runs/focus.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

LoadedTask farTask(bool spans, const PatternConfig& pattern, Architecture architecture) {
    Experiment experiment = smallExperiment({.length = 8, .d_model = 8, .layers = 2, .heads = 2, .steps = 40});
    experiment.model.architecture = architecture;
    experiment.model.num_decoder_layers = 2;
    experiment.model.attention.pattern = pattern;
    experiment.model.attention.span = spans;
    experiment.model.attention.span_start = 0.5;
    return loadTask(experiment, {});
}

/// The page Maps on a run of its own, shown, with its first metrics.
struct ShownFar {
    explicit ShownFar(const LoadedTask& task) : page(focus) {
        focus.setRun(workspace.add(task));
        page.resize(1180, 700);
        page.show();
    }
    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && !page.figures().empty() && !page.views().metrics().empty(); },
                               lab::patience);
    }
    Map& map() { return page.findChild<HeadView*>()->map(); }
    std::string spanCell(std::size_t head) {
        const FigureTable table = page.findChild<HeadTable*>()->table();
        const auto column = std::ranges::find(table.header, "span") - table.header.begin();
        return column < std::ssize(table.header) ? table.rows.at(head).at(static_cast<std::size_t>(column)) : "no column";
    }
    bool captionHas(const QString& words) {
        const auto labels = page.findChildren<ThemedLabel*>();
        return std::ranges::any_of(labels, [&](const ThemedLabel* label) { return label->text().contains(words); });
    }

    Workspace workspace;
    Focus focus;
    MapsPage page;
};

}  // namespace

class SpansAndMemoryTest : public QObject {
    Q_OBJECT

private slots:
    void spansStandInTheTableAndUnderTheHeadsName() {
        ShownFar shown(farTask(true, {}, Architecture::encoder));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(true);
        const auto spans = spansOf(*shown.focus.run()->model(), shown.focus.checkpoint()->weights);
        QCOMPARE(spans.size(), std::size_t{2});
        QVERIFY(spans[0].spans[0] > 0);
        QVERIFY(shown.captionHas(QStringLiteral("span is %1:").arg(fixed(spans[0].spans[0], 1))));
        shown.page.views().setView(MapsViews::View::metrics);
        QVERIFY(QTest::qWaitFor([&] { return shown.spanCell(0) != "no column"; }, lab::patience));
        QVERIFY(std::abs(std::stod(shown.spanCell(0)) - spans[0].spans[0]) < 1e-3);
    }

    void withoutThemThereIsNoColumn() {
        ShownFar shown(farTask(false, {}, Architecture::encoder));
        QVERIFY(shown.ready());
        shown.page.views().setView(MapsViews::View::metrics);
        shown.page.setEnlarged(true);
        QVERIFY(QTest::qWaitFor([&] { return !shown.page.findChild<HeadTable*>()->table().rows.empty(); }, lab::patience));
        QCOMPARE(shown.spanCell(0), std::string("no column"));
        QVERIFY(!shown.captionHas(QStringLiteral("span is")));
        QVERIFY(shown.map().content().borders.empty() && !shown.map().content().marked);
    }

    void memoryIsMarkedForTheQueryInHand() {
        ShownFar shown(farTask(false, {"segments", {{"segment", 3}, {"memory", 2}}}, Architecture::decoder));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(true);
        const MapContent& content = shown.map().content();
        QVERIFY(content.borders.size() >= 2);
        QCOMPARE(content.borders[0], 3);
        QCOMPARE(content.borders[1], 6);
        QVERIFY(content.marked);
        QVERIFY(content.marked({4, 2}) && content.marked({4, 1}));
        QVERIFY(shown.captionHas(QStringLiteral("Framed: memory")));
        QVERIFY(!content.marked({4, 0}) && !content.marked({4, 3}) && !content.marked({2, 1}));
    }

    /// The frame and the band over the columns come with the query in hand and go with it, in both themes.
    void marksAreDrawnOnlyWhereMemoryIs() {
        const Theme::Mode before = Theme::instance().mode();
        for (const Theme::Mode mode : {Theme::Mode::light, Theme::Mode::dark}) {
            Theme::instance().setMode(mode);
            Map map;
            map.resize(400, 400);
            map.setData(lab::mapOf(std::vector<float>(36, 0.5F), 6, 6));
            const QImage plain = map.grab().toImage();
            map.setBorders({3}, [](MapCell cell) { return cell.row == 4 && cell.column == 2; });
            const QImage bordered = map.grab().toImage();
            QVERIFY(plain != bordered);
            const auto over = [&](int column) {
                const QPointF at(map.columnLeft(column) + map.cellSize() / 2, map.mapRect().top() - 3);
                return QRect(QPoint(qRound(at.x()) - 4, qRound(at.y()) - 3), QSize(8, 6));
            };
            map.setSelection({4, 5});
            const QImage marked = map.grab().toImage();
            QVERIFY(marked.copy(over(2)) != bordered.copy(over(2)));
            QVERIFY(marked.copy(over(1)) == bordered.copy(over(1)));
            map.setSelection({3, 5});
            QVERIFY(map.grab().toImage().copy(over(2)) == bordered.copy(over(2)));
        }
        Theme::instance().setMode(before);
    }
};

QTEST_MAIN(SpansAndMemoryTest)
#include "spans_and_memory_test.moc"
