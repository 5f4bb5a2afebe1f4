// What stays where it is on the Maps page, and what stands beside the maps where there is room.

#include <QMouseEvent>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/cell_story.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/row_table.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/row_profile.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask calmTask(int layers, int heads, Architecture architecture = Architecture::encoder) {
    Experiment experiment;
    experiment.task.seq_len = 12;
    experiment.task.train_size = 64;
    experiment.task.validation_size = 8;
    experiment.model.architecture = architecture;
    experiment.model.d_model = 4 * heads;
    experiment.model.num_layers = layers;
    experiment.model.num_heads = heads;
    experiment.training.batch_size = 8;
    return loadTask(experiment, {});
}

/// A shown Maps page with a run.
struct CalmMaps {
    explicit CalmMaps(const LoadedTask& task, QSize size = {1180, 600}) : page(focus) {
        run = workspace.add(task);
        focus.setRun(run);
        page.resize(size);
        page.show();
    }
    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && !page.views().metrics().empty(); }, patience) && laidOut();
    }
    bool laidOut() const {
        for (int i = 0; i < 4; ++i) QCoreApplication::processEvents();
        return true;
    }
    HeadGrid& grid() { return page.findChild<AllHeads*>()->grid(); }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    MapsPage page;
};

void doubleClick(QWidget& widget, const QPoint& at) {
    QMouseEvent event(QEvent::MouseButtonDblClick, at, widget.mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

}  // namespace

class CalmMapsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    /// The second click of two lands on the map that the first one has enlarged.
    void aDoubleClickOnASmallMapEnlargesItAndNoMore() {
        CalmMaps shown(calmTask(2, 2));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        shown.laidOut();
        QSignalSpy wanted(&shown.page, &Page::placeWanted);
        QTest::mouseClick(&shown.grid(), Qt::LeftButton, {}, shown.grid().mapRect(1, 1).center().toPoint());
        QVERIFY(shown.page.enlarged());
        shown.laidOut();
        Map& map = shown.page.findChild<HeadView*>()->map();
        const QPoint cell = map.cellRect({3, 4}).center().toPoint();
        doubleClick(map, cell);
        QCOMPARE(wanted.size(), 0);
        QTest::mouseClick(&map, Qt::LeftButton, {}, cell);
        doubleClick(map, cell);
        QCOMPARE(wanted.size(), 1);
    }

    void whatIsChosenStaysUnderTheHand() {
        CalmMaps shown(calmTask(2, 2));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        shown.laidOut();
        const auto placeOfView = [&] { return shown.page.views().chooser()->mapTo(&shown.page, QPoint()); };
        auto* stages = shown.page.findChild<QWidget*>(QStringLiteral("maps.header.stage_list"));
        QVERIFY(stages);
        const QPoint view = placeOfView(), stage = stages->mapTo(&shown.page, QPoint());
        shown.page.setEnlarged(true);
        shown.laidOut();
        QCOMPARE(placeOfView(), view);
        QCOMPARE(stages->mapTo(&shown.page, QPoint()), stage);
        for (const auto other : {MapsViews::View::metrics, MapsViews::View::flow, MapsViews::View::maps}) {
            shown.page.views().setView(other);
            shown.laidOut();
            QCOMPARE(placeOfView(), view);
        }
    }

    void stageAndScaleBelongToTheRun() {
        CalmMaps shown(calmTask(1, 2));
        QVERIFY(shown.ready());
        QVERIFY(shown.page.showStage(QStringLiteral("scores"), {}));
        QTRY_COMPARE(shown.page.look().stage, MapStage::scores);
        Run* other = shown.workspace.add(calmTask(2, 2));
        shown.focus.setRun(other);
        QTRY_COMPARE(shown.page.look().stage, MapStage::weights);
        shown.focus.setRun(shown.run);
        QTRY_COMPARE(shown.page.look().stage, MapStage::scores);
    }

    /// As on 1280x720, and on 1920x1080 with everything twice as large: 880x350 are left for the page.
    void mapStoryAndRowFitALowPage() {
        for (const QSize size : {QSize(1180, 520), QSize(880, 350)}) {
            CalmMaps shown(calmTask(1, 1), size);
            QVERIFY(shown.ready());
            QVERIFY(shown.page.enlarged());
            QVERIFY2(shown.page.minimumSizeHint().height() <= size.height(),
                     qPrintable(QString::number(shown.page.minimumSizeHint().height())));
            auto* head = shown.page.findChild<HeadView*>();
            const Map& map = head->map();
            QVERIFY2(map.mapRect().height() >= 130, qPrintable(QString::number(map.mapRect().height())));
            for (QWidget* part :
                 std::initializer_list<QWidget*>{head->findChild<RowProfile*>(), head->findChild<ColorScaleBar*>(), &head->map(),
                                                 shown.page.findChild<CellStory*>(), shown.page.findChild<RowTable*>()}) {
                if (size.height() < 400 && qobject_cast<RowTable*>(part)) continue;  // the story comes first
                QVERIFY2(part->isVisible(), part->metaObject()->className());
                const QRect place(part->mapTo(&shown.page, QPoint()), part->size());
                QVERIFY2(shown.page.rect().contains(place), part->metaObject()->className());
            }
            QVERIFY(!head->findChild<RowProfile*>()->geometry().intersects(head->map().geometry()));
        }
    }

    void manyHeadsComeBeforeTheCurves() {
        for (const bool enlarged : {false, true}) {
            CalmMaps shown(calmTask(6, 8), {1180, 560});
            QVERIFY(shown.ready());
            shown.page.setEnlarged(enlarged);
            shown.laidOut();
            auto* scroll = shown.page.findChild<AllHeads*>()->findChild<QScrollArea*>();
            QVERIFY(scroll->isVisible());
            QCOMPARE(scroll->verticalScrollBar()->maximum(), 0);
            QCOMPARE(scroll->horizontalScrollBar()->maximum(), 0);
        }
    }

    void anEncoderDecodersGridStandsInTwoBands() {
        CalmMaps shown(calmTask(2, 4, Architecture::encoder_decoder), {1170, 600});
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        shown.laidOut();
        HeadGrid& grid = shown.grid();
        const QRectF encoder = grid.mapRect(0, 0), above = grid.mapRect(1, 0), lastCross = grid.mapRect(5, 3);
        QVERIFY2(encoder.width() >= 72, qPrintable(QString::number(encoder.width())));
        QCOMPARE(encoder.top(), above.top());  // layer 1 beside layer 0
        QVERIFY(above.left() > grid.mapRect(0, 3).right());
        QVERIFY(QRectF(grid.rect()).contains(lastCross));
        QCOMPARE(shown.page.findChild<AllHeads*>()->findChild<QScrollArea*>()->verticalScrollBar()->maximum(), 0);
        for (int a = 0; a < 24; ++a)
            for (int b = 0; b < a; ++b) QVERIFY(!grid.mapRect(a / 4, a % 4).intersects(grid.mapRect(b / 4, b % 4)));
        grid.setFocus();
        grid.setCurrent(0, 3);
        QTest::keyClick(&grid, Qt::Key_Right);  // to the band beside it
        QCOMPARE(shown.focus.selection().block, 1);
        QCOMPARE(shown.focus.selection().head, 0);
        QTest::keyClick(&grid, Qt::Key_Left);
        QCOMPARE(shown.focus.selection().block, 0);
        QTest::keyClick(&grid, Qt::Key_Down);
        QCOMPARE(shown.focus.selection().block, 2);
    }

    void theTableOfHeadsStandsBesideTheMapsWhereThereIsRoom() {
        CalmMaps shown(calmTask(3, 4), {1800, 900});
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        auto* heads = shown.page.findChild<AllHeads*>();
        HeadTable& table = shown.page.findChild<HeadsView*>()->table();
        QTRY_VERIFY(heads->isAncestorOf(&table) && table.isVisible());
        QTRY_COMPARE(table.places().size(), std::size_t{12});
        const QRect beside(table.mapTo(heads, QPoint()), table.size());
        QVERIFY(!beside.intersects(shown.grid().mapsRect().translated(shown.grid().mapTo(heads, QPoint()))));
        QCOMPARE(table.horizontalScrollBar()->maximum(), 0);
        shown.page.views().setView(MapsViews::View::metrics);
        QTRY_VERIFY(!heads->isAncestorOf(&table) && table.isVisible());
        shown.page.views().setView(MapsViews::View::maps);
        QTRY_VERIFY(heads->isAncestorOf(&table) && table.isVisible());
        shown.page.resize(1180, 560);
        QTRY_VERIFY(!heads->isAncestorOf(&table));
    }
};

QTEST_MAIN(CalmMapsTest)
#include "calm_maps_test.moc"
