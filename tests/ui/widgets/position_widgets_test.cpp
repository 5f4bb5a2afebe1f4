#include <QMouseEvent>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <numbers>

#include "tests/ui/widgets/picture_testing.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/phase_circle.h"
#include "ui/widgets/position_slider.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {}  // namespace

class PositionWidgetsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void circleDrawsItsArrowsWhereTheyPoint() {
        PhaseCircle circle;
        circle.resize(300, 256);
        circle.setArrows({0.5, 2.0, 0.3, 1.0, 2.0, 3, 1}, 15, "spoken");
        const QImage image = circle.grab().toImage();
        const QPointF centre(150, 128);
        QVERIFY(inked(image, centre + (circle.tip(false, true) - centre) * 0.8, Theme::instance().color(Role::series3), 4) > 8);
        QVERIFY(inked(image, centre + (circle.tip(true, true) - centre) * 0.8, Theme::instance().color(Role::series4), 4) > 8);
        QCOMPARE(valueOf(circle), QStringLiteral("spoken"));
        // 0.3 + 3 * 0.5 radians, upwards.
        const QPointF arm = circle.tip(false, true) - centre;
        QVERIFY(std::abs(std::atan2(-arm.y(), arm.x()) - 1.8) < 1e-9);
    }

    void namesLieOnNoArrowAndNoOtherName() {
        constexpr double radius = 100;
        for (const double keyPhase : {0.3, 0.4, 1.3, 3.4})
            for (const int query : {0, 1, 3}) {
                const PhaseArrows arrows{0.5, 2.0, 0.3, 1.9, keyPhase, query, 0};
                const std::vector<QRectF> boxes = arrowNameBoxes({150, 128}, radius, arrows);
                QCOMPARE(boxes.size(), std::size_t{4});
                for (std::size_t i = 0; i < boxes.size(); ++i) {
                    QVERIFY(std::hypot(boxes[i].center().x() - 150, boxes[i].center().y() - 128) < radius + 20);
                    for (std::size_t j = 0; j < i; ++j) QVERIFY(!boxes[i].intersects(boxes[j]));
                    for (double far = 0; far < 90; ++far) {
                        const double angle = 0.3 + 0.5 * query;
                        QVERIFY(!boxes[i].contains(QPointF(150 + far * std::cos(angle), 128 - far * std::sin(angle))));
                    }
                }
            }
    }

    void draggingAnArrowMovesItsPosition() {
        PhaseCircle circle;
        circle.resize(300, 256);
        circle.setArrows({0.5, 2.0, 0.0, 1.0, 2.5, 2, 1}, 15, {});
        QSignalSpy moved(&circle, &PhaseCircle::positionsMoved);
        const QPointF centre(150, 128), start = circle.tip(false, true);
        QTest::mousePress(&circle, Qt::LeftButton, {}, start.toPoint());
        // Two positions on: one radian further.
        const double radius = std::hypot(start.x() - centre.x(), start.y() - centre.y());
        const QPointF end = centre + QPointF(radius * std::cos(2.0), -radius * std::sin(2.0));
        moveMouse(circle, end, Qt::LeftButton);
        QCOMPARE(moved.size(), 1);
        QCOMPARE(moved.back().at(0).toInt(), 4);
        QCOMPARE(moved.back().at(1).toInt(), 1);
        QTest::mouseRelease(&circle, Qt::LeftButton, {}, end.toPoint());
    }

    void keysMoveThePositionsWithinTheirRange() {
        PhaseCircle circle;
        circle.setArrows({0.5, 1, 0, 1, 0, 14, 0}, 15, {});
        QSignalSpy moved(&circle, &PhaseCircle::positionsMoved);
        QTest::keyClick(&circle, Qt::Key_Up);
        QCOMPARE(moved.takeFirst(), (QVariantList{15, 0}));
        QTest::keyClick(&circle, Qt::Key_Left);
        QCOMPARE(moved.takeFirst(), (QVariantList{14, 0}));
        QTest::keyClick(&circle, Qt::Key_Right);
        QCOMPARE(moved.takeFirst(), (QVariantList{14, 1}));
    }

    void dashedArrowsMoveOnlyWhenFree() {
        PhaseCircle circle;
        circle.resize(300, 256);
        circle.setArrows({1.0, 2.0, 0.0, 2.0, 3.0, 2, 1}, 15, {});
        QSignalSpy moved(&circle, &PhaseCircle::vectorMoved);
        const QPoint start = circle.tip(false, false).toPoint();
        for (const bool free : {false, true}) {
            circle.setVectorsMovable(free);
            QTest::mousePress(&circle, Qt::LeftButton, {}, start);
            moveMouse(circle, start - QPoint(10, 20), Qt::LeftButton);
            QTest::mouseRelease(&circle, Qt::LeftButton, {}, start - QPoint(10, 20));
            QCOMPARE(!moved.isEmpty(), free);
        }
        QVERIFY(!moved.front().at(0).toBool());
        QVERIFY(moved.front().at(2).toDouble() > 0);
    }

    void sliderSpeaksAndMoves() {
        PositionSlider slider("query at m", Role::series3);
        slider.resize(300, 26);
        slider.setPosition(3, 15, 8);
        QCOMPARE(slider.value(), 3);
        QSignalSpy moved(&slider, &PositionSlider::moved);
        slider.setPosition(4, 15, 8);
        QVERIFY(moved.isEmpty());
        QTest::keyClick(&slider, Qt::Key_Right);
        QCOMPARE(moved.takeFirst().front().toInt(), 5);
        QTest::keyClick(&slider, Qt::Key_End);
        QCOMPARE(moved.takeFirst().front().toInt(), 15);
        QCOMPARE(slider.accessibleName(), QStringLiteral("query at m"));
        slider.grab();
    }

    void valueMapPaintsReadsAndSteers() {
        Map map(MapForm::values(), "a table");
        map.resize(300, 260);
        map.setAxes("position", "channel");
        map.setData(mapOf({0, 1, -1, 0.5f, 0, 0}, 2, 3), {ColorMap::Kind::balance, -1, 1});
        QImage image = map.grab().toImage();
        const auto colorAt = [&](MapCell cell) { return image.pixelColor(map.cellRect(cell).center().toPoint()).rgb(); };
        QCOMPARE(colorAt({0, 1}), ColorMap::themed(ColorMap::Kind::balance).color(1.0));
        QCOMPARE(colorAt({0, 2}), ColorMap::themed(ColorMap::Kind::balance).color(0.0));
        QSignalSpy selected(&map, &Map::selected);
        QTest::mouseClick(&map, Qt::LeftButton, {}, map.cellRect({1, 0}).center().toPoint());
        QCOMPARE(selected.takeFirst(), (QVariantList{1, 0}));
        QCOMPARE(valueOf(map), QStringLiteral("position 1, channel 0: 0.500"));
        QTest::keyClick(&map, Qt::Key_Up);
        QTest::keyClick(&map, Qt::Key_End);
        QCOMPARE(selected.back(), (QVariantList{0, 2}));
        QVERIFY(valueOf(map).endsWith(QStringLiteral("\u22121.000")));
        QCOMPARE(balancedScaling(map.data()).high, 1.0);
        QVERIFY(scalingFromZero(map.data()).kind == ColorMap::Kind::balance);
        const ColorScaling up = scalingFromZero(mapOf({0, 3, 1, 2}, 2, 2));
        QVERIFY(up.kind == ColorMap::Kind::trace);
        QCOMPARE(up.low, 0.0);
        QCOMPARE(up.high, 3.0);
    }
};

QTEST_MAIN(PositionWidgetsTest)
#include "position_widgets_test.moc"
