#include "ui/widgets/map/map.h"

#include <QAccessible>
#include <QPainter>
#include <QScreen>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <limits>

#include "tests/patience.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/row_profile.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

MapData mapOf(int rows, int columns, const std::vector<float>& values, const std::vector<float>& scores = {}) {
    const auto shared = [](const std::vector<float>& numbers) {
        auto owner = std::make_shared<std::vector<float>>(numbers);
        return std::shared_ptr<const float>(owner, owner->data());
    };
    MapData data;
    data.rows = rows;
    data.columns = columns;
    data.values = shared(values);
    if (!scores.empty()) data.allowedScores = shared(scores);
    return data;
}

/// 4 queries by 5 keys: value = 0.05 (5 row + column).
MapData ramp() {
    std::vector<float> values;
    for (int i = 0; i < 20; ++i) values.push_back(0.05F * static_cast<float>(i));
    return mapOf(4, 5, values);
}

QColor pixel(QWidget& widget, const QPointF& at) {
    const QImage image = widget.grab().toImage();
    return image.pixelColor((at * image.devicePixelRatio()).toPoint());
}

/// A point of a cell that no number covers.
QPointF corner(const Map& map, MapCell cell) {
    return map.cellRect(cell).topLeft() + QPointF(3, 3);
}

}  // namespace

class MapTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        Theme::instance().setScale(1.0);
        Theme::instance().setMode(Theme::Mode::light);
    }

    void cellHasTheColourOfItsValue() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        const QColor expected = QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, false).color(0.05 * (5 * 2 + 3)));
        QCOMPARE(pixel(map, corner(map, {2, 3})), expected);
        Theme::instance().setMode(Theme::Mode::dark);
        QCOMPARE(pixel(map, corner(map, {2, 3})), QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, true).color(0.05 * 13)));
    }

    /// New values repaint the cells alone: what is on the screen is then what a whole painting would show.
    void newValuesLeaveNothingOld() {
        Map map;
        map.resize(400, 360);
        map.setNames({"a", "b", "c", "d"}, {"v", "w", "x", "y", "z"});
        map.setData(ramp());
        map.setSelection({0, 0});
        map.show();
        QVERIFY(QTest::qWaitForWindowExposed(&map));
        const auto onScreen = [&] { return map.screen()->grabWindow(map.winId()).toImage().convertToFormat(QImage::Format_RGB32); };
        const auto whole = [&] { return map.grab().toImage().convertToFormat(QImage::Format_RGB32); };
        QTRY_COMPARE(onScreen(), whole());
        const QImage before = onScreen();
        const auto check = [&](const MapData& data) {
            map.setData(data);
            QTRY_COMPARE(onScreen(), whole());
        };
        check(mapOf(4, 5, std::vector<float>(20, 0.7F)));
        QVERIFY(onScreen() != before);
        check(mapOf(2, 2, {0.1F, 0.9F, 0.8F, 0.2F}));
        map.setNames({"p", "q"}, {"r", "s"});
        QTRY_COMPARE(onScreen(), whole());
    }

    void cellsAreSquareWithOnePixelBetween() {
        Map map;
        map.resize(400, 360);
        map.setData(mapOf(2, 3, {1, 1, 1, 1, 1, 1}));
        const QRectF cell = map.cellRect({1, 1});
        QCOMPARE(cell.width(), cell.height());
        QCOMPARE(cell.width(), std::floor(cell.width()));
        QCOMPARE(pixel(map, cell.topLeft() + QPointF(2, cell.height() - 1)), Theme::instance().color(Role::screen));
        QCOMPARE(pixel(map, cell.topLeft() + QPointF(2, cell.height() - 2)),
                 QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, false).color(1.0)));
    }

    void maskedCellsDifferFromZero() {
        const float hidden = -std::numeric_limits<float>::infinity();
        Map map;
        map.resize(300, 300);
        map.setData(mapOf(2, 2, {1, 0, 0.5F, 0.5F}, {1, hidden, 1, 1}));
        const QImage image = map.grab().toImage().copy(map.cellRect({0, 1}).toRect());
        bool hatched = false;
        for (int x = 0; x < image.width(); ++x) hatched |= image.pixelColor(x, image.height() / 2) != Theme::instance().color(Role::screen);
        QVERIFY(hatched);
        QVERIFY(map.data().masked(0, 1));
        QVERIFY(!map.data().masked(1, 1));
    }

    void hoverTellsTheCellAndShowsACardBesideItsRowAndColumn() {
        Map map;
        map.resize(500, 420);
        map.setData(ramp());
        map.setNames({"a", "b", "c", "d"}, {"v", "w", "x", "y", "z"});
        map.show();
        QSignalSpy hovered(&map, &Map::hovered);
        QTest::mouseMove(&map, map.cellRect({1, 2}).center().toPoint());
        QTRY_COMPARE(hovered.count(), 1);
        QCOMPARE(hovered.first(), (QVariantList{1, 2}));
        const auto* card = map.findChild<HoverCard*>();
        QVERIFY(card->isVisible());
        QVERIFY(card->x() >= map.cellRect({1, 2}).right());
        QVERIFY(card->y() >= map.cellRect({1, 2}).bottom());
        QTest::mouseMove(&map, QPoint(1, 1));
        QTRY_COMPARE(hovered.count(), 2);
        QCOMPARE(hovered.last(), (QVariantList{-1, -1}));
        QVERIFY(card->isHidden());
    }

    void clickSelects() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        QSignalSpy selected(&map, &Map::selected);
        QTest::mouseClick(&map, Qt::LeftButton, {}, map.cellRect({3, 0}).center().toPoint());
        QCOMPARE(selected.count(), 1);
        QCOMPARE(map.selection(), (MapCell{3, 0}));
    }

    void arrowsMoveWithinTheMap() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setSelection({0, 0});
        QTest::keyClick(&map, Qt::Key_Up);
        QCOMPARE(map.selection(), (MapCell{0, 0}));
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::keyClick(&map, Qt::Key_Right);
        QCOMPARE(map.selection(), (MapCell{1, 1}));
        QTest::keyClick(&map, Qt::Key_End);
        QCOMPARE(map.selection(), (MapCell{1, 4}));
        QTest::keyClick(&map, Qt::Key_Home);
        QCOMPARE(map.selection(), (MapCell{1, 0}));
        QSignalSpy activated(&map, &Map::activated);
        QTest::keyClick(&map, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
    }

    void selectionIsOutlinedInAmber() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setSelection({1, 1});
        QCOMPARE(pixel(map, map.cellRect({1, 1}).topLeft() + QPointF(-2, 20)), Theme::instance().color(Role::fill));
    }

    void screenReadersHearSubjectAndCell() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setNames({"a", "b", "c", "d"}, {"v", "w", "x", "y", "z"});
        map.setSubject(QStringLiteral("weights of layer 0, head 1"));
        map.setSelection({1, 2});
        QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(&map);
        QVERIFY(interface);
        QCOMPARE(interface->role(), QAccessible::Graphic);
        QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("weights of layer 0, head 1"));
        QCOMPARE(interface->text(QAccessible::Value), QStringLiteral("query 1 \u201Cb\u201D \u2192 key 2 \u201Cx\u201D: 0.3500"));
    }

    void anotherShapeForgetsASelectionOutside() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setSelection({3, 4});
        map.setData(mapOf(2, 2, {1, 0, 0, 1}));
        QVERIFY(!map.selection().valid());
    }

    void thinLinesSurviveInLittleRoom() {
        // 400 x 400 cells in fewer pixels: one strong cell per row must stay visible.
        constexpr int n = 400;
        std::vector<float> values(n * n, 0.0F);
        for (int i = 0; i < n; ++i) values[static_cast<std::size_t>(i * n + n - 1 - i)] = 1.0F;
        MapPicture picture;
        picture.set(mapOf(n, n, values), {});
        QImage image(90, 90, QImage::Format_RGB32);
        QPainter painter(&image);
        picture.paint(painter, QRectF(0, 0, 90, 90));
        const QRgb full = ColorMap::of(ColorMap::Kind::trace, false).color(1.0);
        for (int y = 0; y < 90; ++y) {
            bool seen = false;
            for (int x = 0; x < 90; ++x) seen |= image.pixel(x, y) == full;
            QVERIFY(seen);
        }
        // The mean of a block tells how much, not how strong.
        picture.setPooling(Pooling::mean);
        picture.paint(painter, QRectF(0, 0, 90, 90));
        QCOMPARE(image.pixel(88, 1), ColorMap::of(ColorMap::Kind::trace, false).color(5.0 / 25));
    }

    void aPartShowsItsOwnCells() {
        constexpr int n = 50;
        std::vector<float> values;
        for (int i = 0; i < n * n; ++i) values.push_back(static_cast<float>((i * 7) % 101) / 101.0F);
        MapPicture picture;
        picture.set(mapOf(n, n, values), {});
        QImage image(80, 60, QImage::Format_RGB32);
        image.fill(Qt::magenta);
        QPainter painter(&image);
        // 8 x 6 cells from row 20.5, column 11.5 on, 10 px each
        picture.paintPart(painter, QRectF(0, 0, 80, 60), QRectF(11.5, 20.5, 8, 6));
        for (int y = 0; y < 60; ++y)
            for (int x = 0; x < 80; ++x) {
                const int row = static_cast<int>(20.5 + (y + 0.5) / 10), column = static_cast<int>(11.5 + (x + 0.5) / 10);
                const double value = values[static_cast<std::size_t>(row * n + column)];
                QCOMPARE(image.pixel(x, y), ColorMap::of(ColorMap::Kind::trace, false).color(value));
            }
    }

    void longMapsAreZoomedAndPannedByKeysAndMouse() {
        constexpr int n = 300;
        std::vector<float> values(n * n, 0.0F);
        values[150 * n + 170] = 1.0F;
        Map map;
        map.resize(360, 340);
        map.setData(mapOf(n, n, values));
        map.show();
        QVERIFY(map.view().whole());
        QVERIFY(map.isLong());
        QCOMPARE(map.cellsPerDot(), map.cellSize() >= 1.0 ? 1 : 2);
        map.resize(200, 180);
        QVERIFY(map.cellSize() < 0.7);
        QCOMPARE(map.cellsPerDot(), static_cast<int>(std::ceil(1.0 / map.cellSize())));
        map.resize(360, 340);
        map.setSelection({150, 170});
        const double before = map.cellSize();
        for (int i = 0; i < 12; ++i) QTest::keyClick(&map, Qt::Key_Plus);
        QVERIFY(map.cellSize() > 8 * before);
        QVERIFY(map.mapRect().contains(map.cellRect({150, 170}).center()));  // zoomed about the selected cell
        QCOMPARE(map.cellAt(map.cellRect({150, 170}).center()), (MapCell{150, 170}));
        QCOMPARE(pixel(map, corner(map, {150, 170})), QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, false).color(1.0)));
        const QPointF origin = map.view().origin;
        QTest::keyClick(&map, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(map.view().origin.x() > origin.x() && map.view().origin.y() == origin.y());
        QTest::keyClick(&map, Qt::Key_End);  // the view follows the selection
        QCOMPARE(map.selection(), (MapCell{150, 299}));
        QVERIFY(map.mapRect().contains(map.cellRect({150, 299}).center()));
        QTest::keyClick(&map, Qt::Key_0);
        QVERIFY(map.view().whole() && map.cellSize() == before);
        // A drag moves the map and selects nothing.
        map.zoom(10.0, map.mapRect().center());
        const QPointF start = map.view().origin;
        const QPoint from = map.mapRect().center().toPoint();
        QTest::mousePress(&map, Qt::LeftButton, {}, from);
        QTest::mouseMove(&map, from - QPoint(30, 20));
        QTest::mouseMove(&map, from - QPoint(40, 30));
        QTest::mouseRelease(&map, Qt::LeftButton, {}, from - QPoint(40, 30));
        QTRY_VERIFY(map.view().origin.x() > start.x() && map.view().origin.y() > start.y());
        QCOMPARE(map.selection(), (MapCell{150, 299}));
        // The wheel enlarges what lies under the mouse.
        const MapCell under = map.cellAt(map.mapRect().center());
        const double side = map.cellSize();
        QWheelEvent turn(map.mapRect().center(), map.mapRect().center(), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                         false);
        QCoreApplication::sendEvent(&map, &turn);
        QVERIFY(map.cellSize() > side);
        QCOMPARE(map.cellAt(map.mapRect().center()), under);
    }

    void aRowOrColumnIsLitUp() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setSelection({2, 3});
        QSignalSpy changed(&map, &Map::lightChanged);
        const QColor plain = pixel(map, corner(map, {1, 4}));
        QTest::keyClick(&map, Qt::Key_R);
        QCOMPARE(map.light(), (MapLight{MapLight::Axis::row, 2}));
        QVERIFY(pixel(map, corner(map, {1, 4})) != plain);
        QCOMPARE(pixel(map, corner(map, {2, 1})), QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, false).color(0.05 * 11)));
        QTest::keyClick(&map, Qt::Key_Up);
        QCOMPARE(map.light(), (MapLight{MapLight::Axis::row, 1}));
        QTest::keyClick(&map, Qt::Key_C);
        QCOMPARE(map.light(), (MapLight{MapLight::Axis::column, 3}));
        QTest::keyClick(&map, Qt::Key_Escape);
        QCOMPARE(map.light(), MapLight{});
        QCOMPARE(changed.count(), 4);
        // By its label.
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPointF(map.mapRect().left() - 15, map.cellRect({3, 0}).center().y()).toPoint());
        QCOMPARE(map.light(), (MapLight{MapLight::Axis::row, 3}));
        QCOMPARE(map.selection(), (MapCell{3, 3}));
    }

    void aLockedCellStaysWhileTheMouseMoves() {
        Map map;
        map.resize(400, 360);
        map.setData(ramp());
        map.show();
        QTest::mouseMove(&map, map.cellRect({1, 1}).center().toPoint());
        QTRY_COMPARE(map.shownCell(), (MapCell{1, 1}));
        QSignalSpy locked(&map, &Map::lockChanged);
        QTest::keyClick(&map, Qt::Key_L);
        QVERIFY(map.locked());
        QCOMPARE(map.selection(), (MapCell{1, 1}));
        QSignalSpy hovered(&map, &Map::hovered);
        QTest::mouseMove(&map, map.cellRect({2, 3}).center().toPoint());
        QTRY_COMPARE(map.hoveredCell(), (MapCell{2, 3}));
        QCOMPARE(map.shownCell(), (MapCell{1, 1}));
        QCOMPARE(hovered.count(), 0);
        QVERIFY(QAccessible::queryAccessibleInterface(&map)->text(QAccessible::Value).endsWith(QStringLiteral("locked")));
        QTest::keyClick(&map, Qt::Key_L);
        QVERIFY(!map.locked());
        QCOMPARE(locked.count(), 2);
    }

    void emptyMapTakesKeysAndMouseCalmly() {
        Map map;
        map.resize(300, 300);
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(150, 150));
        QVERIFY(!map.selection().valid());
        map.grab();
    }

    void profileStandsUnderItsColumnsAndTellsTheSum() {
        RowProfile profile;
        profile.resize(300, profile.sizeHint().height());
        profile.setColumns(50, 40);
        profile.setRow({0.0F, 1.0F, 0.0F}, -1, QStringLiteral("row 0"), 1.0);
        const double middle = profile.height() / 2.0;
        QCOMPARE(pixel(profile, {50 + 60, middle}), Theme::instance().color(Role::series1));
        profile.setRow({0.0F, 1.0F, 0.0F}, 1, QStringLiteral("row 0"), 1.0);
        QCOMPARE(pixel(profile, {50 + 60, middle}), Theme::instance().color(Role::fill));
        QCOMPARE(QAccessible::queryAccessibleInterface(&profile)->text(QAccessible::Value), QStringLiteral("sum 1.000"));
    }

    void scaleShowsItsMapAndNeedle() {
        ColorScaleBar scale;
        scale.resize(300, scale.sizeHint().height());
        scale.setSpan(20, 256);
        const QRect bar = scale.barRect();
        QCOMPARE(bar.left(), 20);
        QCOMPARE(bar.width(), 256);
        const QColor middle = QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, false).color(128 / 255.0));
        QCOMPARE(pixel(scale, QPointF(bar.left() + 128, bar.center().y())), middle);
        scale.setNeedle(0.5);
        QCOMPARE(pixel(scale, QPointF(bar.left() + 128, bar.top() - 3)), Theme::instance().color(Role::fill));
    }
};

QTEST_MAIN(MapTest)
#include "map_test.moc"
