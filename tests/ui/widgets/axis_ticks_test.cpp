#include "ui/widgets/axis_ticks.h"

#include <QtTest>

using namespace lab;

class AxisTicksTest : public QObject {
    Q_OBJECT

    static QStringList texts(const AxisTicks& ticks) {
        QStringList result;
        for (const auto& label : ticks.labels) result << label.text;
        return result;
    }

private slots:
    void linearStepsAreRound() {
        const AxisTicks ticks = axisTicks(AxisScale::linear, 0, 1240, 6);
        QCOMPARE(ticks.major, (std::vector<double>{0, 200, 400, 600, 800, 1000, 1200}));
        QCOMPARE(texts(ticks).last(), QStringLiteral("1\u202F200"));
        QVERIFY(ticks.minor.empty());
    }

    void smallNumbersAreScientific() {
        QCOMPARE(texts(axisTicks(AxisScale::linear, 0, 5.5e-4, 1)), (QStringList{"0", QStringLiteral("5e\u22124")}));
    }

    void largeNumbersFitTheColumn() {
        QCOMPARE(texts(inColumn(axisTicks(AxisScale::linear, 0, 260000, 3))), (QStringList{"0", "5e4", "1e5", "1.5e5", "2e5", "2.5e5"}));
        QCOMPARE(texts(inColumn(axisTicks(AxisScale::logarithmic, 5e8, 2e10, 3))), (QStringList{"5e8", "1e9", "1e10", "2e10"}));
        QCOMPARE(texts(inColumn(axisTicks(AxisScale::linear, 0, 60000, 3))).last(), QStringLiteral("60\u202F000"));
    }

    void powersOfTenAreMajorAndOutermostMarksAreLabelled() {
        const AxisTicks ticks = axisTicks(AxisScale::logarithmic, 0.015, 4.2, 4);
        QCOMPARE(ticks.major.size(), 2u);
        QVERIFY(std::abs(ticks.major[0] - 0.1) < 1e-12 && std::abs(ticks.major[1] - 1) < 1e-12);
        QCOMPARE(texts(ticks), (QStringList{"0.02", "0.1", "1", "4"}));
        QCOMPARE(ticks.minor.size(), 8u + 8u + 3u);  // .02 .. .09, .2 .. .9, 2 .. 4
    }

    void lessThanTwoPowersAreLabelledAtTwosAndFives() {
        QCOMPARE(texts(axisTicks(AxisScale::logarithmic, 12, 260, 4)), (QStringList{"20", "50", "100", "200"}));
    }

    void aSingleMarkIsLabelled() {
        QCOMPARE(texts(axisTicks(AxisScale::logarithmic, 0.0032, 0.0048, 4)), (QStringList{QStringLiteral("0.004")}));
    }

    void whereLabelsWouldTouchPowersOfTenStay() {
        const AxisTicks ticks = inColumn(axisTicks(AxisScale::logarithmic, 3.6e3, 2.4e7, 4));
        const auto every = [&](double px) {  // px a decade, labels 12 px high
            QStringList kept;
            for (const auto& label : labelsWithRoom(ticks, [px](const AxisTicks::Label& each) {
                     return LabelSpan(px * std::log10(each.value) - 6, px * std::log10(each.value) + 6);
                 }))
                kept << label.text;
            return kept;
        };
        QCOMPARE(every(60), (QStringList{"4e3", "1e4", "1e5", "1e6", "1e7", "2e7"}));
        QCOMPARE(every(29), (QStringList{"1e4", "1e5", "1e6", "1e7"}));
        QCOMPARE(every(7), (QStringList{"1e4", "1e6"}));
    }

    void emptyAndImpossibleRangesGiveNothing() {
        QVERIFY(axisTicks(AxisScale::linear, 1, 1, 4).major.empty());
        QVERIFY(axisTicks(AxisScale::logarithmic, -1, 10, 4).labels.empty());
    }
};

QTEST_APPLESS_MAIN(AxisTicksTest)
#include "axis_ticks_test.moc"
