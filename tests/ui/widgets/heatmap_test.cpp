#include "ui/widgets/heatmap.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QtTest>
#include <limits>

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
QPointF corner(const Heatmap& map, MapCell cell) {
    return map.cellRect(cell).topLeft() + QPointF(3, 3);
}

}  // namespace

class HeatmapTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        Theme::instance().setScale(1.0);
        Theme::instance().setMode(Theme::Mode::light);
    }

    void cellHasTheColourOfItsValue() {
        Heatmap map;
        map.resize(400, 360);
        map.setData(ramp());
        const QColor expected = QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, false).color(0.05 * (5 * 2 + 3)));
        QCOMPARE(pixel(map, corner(map, {2, 3})), expected);
        Theme::instance().setMode(Theme::Mode::dark);
        QCOMPARE(pixel(map, corner(map, {2, 3})), QColor::fromRgb(ColorMap::of(ColorMap::Kind::trace, true).color(0.05 * 13)));
    }

    void cellsAreSquareWithOnePixelBetween() {
        Heatmap map;
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
        Heatmap map;
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
        Heatmap map;
        map.resize(500, 420);
        map.setData(ramp());
        map.setTokens({"a", "b", "c", "d"}, {"v", "w", "x", "y", "z"});
        map.show();
        QSignalSpy hovered(&map, &Heatmap::hovered);
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
        Heatmap map;
        map.resize(400, 360);
        map.setData(ramp());
        QSignalSpy selected(&map, &Heatmap::selected);
        QTest::mouseClick(&map, Qt::LeftButton, {}, map.cellRect({3, 0}).center().toPoint());
        QCOMPARE(selected.count(), 1);
        QCOMPARE(map.selection(), (MapCell{3, 0}));
    }

    void arrowsMoveWithinTheMap() {
        Heatmap map;
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
        QSignalSpy activated(&map, &Heatmap::activated);
        QTest::keyClick(&map, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
    }

    void selectionIsOutlinedInAmber() {
        Heatmap map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setSelection({1, 1});
        QCOMPARE(pixel(map, map.cellRect({1, 1}).topLeft() + QPointF(-2, 20)), Theme::instance().color(Role::fill));
    }

    void screenReadersHearSubjectAndCell() {
        Heatmap map;
        map.resize(400, 360);
        map.setData(ramp());
        map.setTokens({"a", "b", "c", "d"}, {"v", "w", "x", "y", "z"});
        map.setSubject(QStringLiteral("weights of layer 0, head 1"));
        map.setSelection({1, 2});
        QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(&map);
        QVERIFY(interface);
        QCOMPARE(interface->role(), QAccessible::Graphic);
        QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("weights of layer 0, head 1"));
        QCOMPARE(interface->text(QAccessible::Value), QStringLiteral("query 1 \u201Cb\u201D \u2192 key 2 \u201Cx\u201D: 0.3500"));
    }

    void anotherShapeForgetsASelectionOutside() {
        Heatmap map;
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
        const QImage image = mapImage(mapOf(n, n, values), {}, QSize(90, 90));
        QCOMPARE(image.size(), QSize(90, 90));
        const QRgb full = ColorMap::of(ColorMap::Kind::trace, false).color(1.0);
        for (int y = 0; y < 90; ++y) {
            bool seen = false;
            for (int x = 0; x < 90; ++x) seen |= image.pixel(x, y) == full;
            QVERIFY(seen);
        }
    }

    void emptyMapTakesKeysAndMouseCalmly() {
        Heatmap map;
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

QTEST_MAIN(HeatmapTest)
#include "heatmap_test.moc"
