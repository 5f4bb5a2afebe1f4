#include "ui/pages/maps/vectors_view.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>

#include "core/config/model_config.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/scatter_plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

struct VectorsDesk {
    explicit VectorsDesk(PositionKind position = PositionKind::learned) : page(focus) {
        Experiment experiment = smallTask(5).experiment;
        experiment.model.position.kind = position;
        experiment.model.max_seq_len.reset();
        focus.setRun(workspace.add(loadTask(experiment, {})));
        page.resize(1180, 620);
        page.show();
        page.views().setView(MapsViews::View::vectors);
    }
    VectorsView& view() { return *page.findChild<VectorsView*>(); }
    bool drawn() {
        return QTest::qWaitFor([this] { return view().ready() && !view().plot().scene().points.empty(); }, lab::patience);
    }

    Workspace workspace;
    Focus focus;
    MapsPage page;
};

void choose(SegmentedControl& control, int index) {
    control.setCurrent(index);
    emit control.chosen(index);
}

}  // namespace

class VectorsViewTest : public QObject {
    Q_OBJECT

private slots:
    void everyQueryAndKeyIsAPoint() {
        VectorsDesk desk;
        QVERIFY(desk.drawn());
        const auto& points = desk.view().plot().scene().points;
        const auto queries = std::ranges::count_if(points, &ScatterScene::Point::filled);
        QCOMPARE(static_cast<std::size_t>(2 * queries), points.size());
        choose(desk.view().shown(), 1);
        QCOMPARE(std::ssize(desk.view().plot().scene().points), queries);
        QVERIFY(desk.view().plot().scene().ringName.isEmpty());
        // The mean is taken off: what is spread lies around 0.
        double x = 0;
        for (const ScatterScene::Point& point : desk.view().plot().scene().points) x += point.x;
        QVERIFY(std::abs(x) < 1e-3 * static_cast<double>(queries));
        QVERIFY(desk.view().caption().text().contains(QStringLiteral("0 keys")));
    }

    void tokensHaveKindsAndOthers() {
        VectorsDesk desk;
        QVERIFY(desk.drawn());
        choose(desk.view().colors(), 2);
        const ScatterScene& scene = desk.view().plot().scene();
        QCOMPARE(scene.kindNames.size(), static_cast<qsizetype>(ScatterScene::kinds));
        std::array<int, ScatterScene::kinds> counts{};
        for (const ScatterScene::Point& point : scene.points) ++counts.at(point.kind);
        for (std::size_t kind = 0; kind + 2 < ScatterScene::kinds; ++kind) QVERIFY(counts[kind] >= counts[kind + 1]);
        QVERIFY(counts.back() > 0);
    }

    void onlyRopeHasVectorsBeforeTheRotation() {
        VectorsDesk learned;
        QVERIFY(learned.drawn());
        QVERIFY(learned.view().rotation().isHidden());
        VectorsDesk rope(PositionKind::rope);
        QVERIFY(rope.drawn());
        QVERIFY(!rope.view().rotation().isHidden());
        const auto before = rope.view().plot().scene().points;
        choose(rope.view().rotation(), 1);
        QVERIFY(rope.drawn());
        QTRY_VERIFY(rope.view().plot().scene().points[before.size() / 2].x != before[before.size() / 2].x);
    }

    void aPointLeadsToItsInput() {
        VectorsDesk desk;
        QVERIFY(desk.drawn());
        const auto& points = desk.view().plot().scene().points;
        emit desk.view().plot().pointWanted(points.size() - 1);  // a key of the last input
        QVERIFY(desk.focus.sampleIndex() > 0);
        QCOMPARE(desk.focus.selection().key, static_cast<int>(desk.focus.input().tokens.size()) - 1);
    }

    void keysHoldAPointAndItsCardSaysIt() {
        VectorsDesk desk;
        QVERIFY(desk.drawn());
        ScatterPlot& plot = desk.view().plot();
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.held(), std::optional<std::size_t>(0));
        QTest::keyClick(&plot, Qt::Key_Left);
        QCOMPARE(plot.held(), std::optional<std::size_t>(plot.scene().points.size() - 1));
        QSignalSpy wanted(&plot, &ScatterPlot::pointWanted);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(wanted.size(), 1);
        plot.setScene({});
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(!plot.held());
    }

    void theFigureHasARowAPoint() {
        VectorsDesk desk;
        QVERIFY(desk.drawn());
        const auto offers = desk.view().figures({QStringLiteral("run"), 0});
        QCOMPARE(offers.size(), std::size_t{1});
        const auto figure = offers.front().make();
        QCOMPARE(figure->table().rows.size(), desk.view().plot().scene().points.size());
        QVERIFY(figure->size().width() > 100);
    }
};

QTEST_MAIN(VectorsViewTest)
#include "vectors_view_test.moc"
