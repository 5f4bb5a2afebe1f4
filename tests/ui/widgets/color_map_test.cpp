#include "ui/widgets/color_map.h"

#include <QSet>
#include <QtTest>
#include <cmath>
#include <limits>

#include "ui/widgets/color_scale.h"
#include "ui/widgets/theme.h"

using namespace lab;

class ColorMapTest : public QObject {
    Q_OBJECT

private slots:
    void phasesMeetAtHalfATurn() {
        for (const bool dark : {false, true}) {
            const ColorMap& phase = ColorMap::of(ColorMap::Kind::phase, dark);
            QCOMPARE(phase.color(0.0), phase.color(1.0));                                                      // -180 and +180 degrees
            QVERIFY(contrast(phase.color(0.5), ColorMap::of(ColorMap::Kind::trace, dark).color(0.0)) < 1.05);  // 0 is the screen
            QVERIFY(phase.color(0.25) != phase.color(0.75));
        }
    }

    void endsAreTheAnchors() {
        QCOMPARE(ColorMap::of(ColorMap::Kind::trace, false).color(0.0), qRgb(0xFF, 0xFF, 0xFF));
        QCOMPARE(ColorMap::of(ColorMap::Kind::trace, false).color(1.0), qRgb(0x14, 0x1E, 0x35));
        QCOMPARE(ColorMap::of(ColorMap::Kind::trace, true).color(1.0), qRgb(0xEC, 0xF8, 0xF8));
        QCOMPARE(ColorMap::of(ColorMap::Kind::balance, false).color(0.0), qRgb(0x82, 0x19, 0x26));
        QCOMPARE(ColorMap::of(ColorMap::Kind::balance, true).color(1.0), qRgb(0xA9, 0xD7, 0xFF));
        QCOMPARE(ColorMap::of(ColorMap::Kind::viridis, true).color(0.0), qRgb(0x44, 0x01, 0x54));
        QCOMPARE(ColorMap::of(ColorMap::Kind::cividis, true).color(1.0), qRgb(0xFE, 0xE8, 0x38));
    }

    void zeroIsTheScreen() {
        for (const auto mode : {Theme::Mode::light, Theme::Mode::dark}) {
            Theme::instance().setMode(mode);
            QCOMPARE(ColorMap::themed(ColorMap::Kind::trace).color(0.0), Theme::instance().color(Role::screen).rgb());
            QCOMPARE(ColorMap::themed(ColorMap::Kind::grey).color(0.0), Theme::instance().color(Role::screen).rgb());
        }
    }

    void whatLiesOutsideIsClamped() {
        const ColorMap& map = ColorMap::of(ColorMap::Kind::trace, false);
        QCOMPARE(map.color(-3.0), map.color(0.0));
        QCOMPARE(map.color(7.0), map.color(1.0));
        QCOMPARE(map.color(std::numeric_limits<double>::quiet_NaN()), map.color(0.0));
    }

    void traceGrowsSteadilyDarkerOrLighter() {
        for (bool dark : {false, true}) {
            const ColorMap& map = ColorMap::of(ColorMap::Kind::trace, dark);
            double last = relativeLuminance(map.color(0.0));
            for (int i = 1; i < 256; ++i) {
                const double now = relativeLuminance(map.color(i / 255.0));
                QVERIFY(dark ? now >= last - 1e-3 : now <= last + 1e-3);
                last = now;
            }
        }
    }

    void numbersOnCellsCanBeRead() {
        using Kind = ColorMap::Kind;
        for (const auto kind : {Kind::trace, Kind::balance, Kind::cividis, Kind::viridis, Kind::grey, Kind::phase})
            for (bool dark : {false, true})
                for (int i = 0; i < 256; ++i) {
                    const QRgb cell = ColorMap::of(kind, dark).color(i / 255.0);
                    QVERIFY(contrast(cell, ColorMap::ink(cell).rgb()) >= 4.58);  // LOOK.md 3
                }
    }

    void scalingMapsItsRange() {
        Theme::instance().setMode(Theme::Mode::light);
        const ColorScaling scaling{ColorMap::Kind::balance, -2.0, 2.0};
        QCOMPARE(scaling.position(0.0), 0.5);
        QCOMPARE(scaling.color(2.0), ColorMap::of(ColorMap::Kind::balance, false).color(1.0));
    }

    void ticksOfAScaleDiffer() {
        for (const auto& [low, high] :
             std::vector<std::pair<double, double>>{{15.2, 16.0}, {-3.1, 3.1}, {92, 96}, {0.001, 0.0014}, {20, 100}}) {
            const ColorScaling scaling{ColorMap::Kind::trace, low, high};
            QSet<QString> texts;
            for (int quarter = 0; quarter <= 4; ++quarter) texts += scaleText(low + quarter * (high - low) / 4, scaling);
            QCOMPARE(texts.size(), 5);
        }
        QCOMPARE(scaleText(15.4, {ColorMap::Kind::trace, 15.2, 16.0}), QStringLiteral("15.4"));
        QCOMPARE(scaleText(94, {ColorMap::Kind::trace, 92, 96}), QStringLiteral("94"));
    }
};

QTEST_MAIN(ColorMapTest)
#include "color_map_test.moc"
