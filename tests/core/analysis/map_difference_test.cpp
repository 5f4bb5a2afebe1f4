#include "core/analysis/map_difference.h"
#include "tests/core/analysis/infinity.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace lab;

namespace {}  // namespace

class MapDifferenceTest : public QObject {
    Q_OBJECT

private slots:
    void cellsAreSubtractedWhereOneOfThemTakesPart() {
        const std::vector<float> before{0.5F, 0.25F, 0.0F, minusInfinity}, after{0.25F, 0.0F, 0.0F, 1.0F};
        const std::vector<float> beforeAllowed{1, 1, minusInfinity, 1}, afterAllowed{1, minusInfinity, minusInfinity, 1};
        const auto found = mapDifference(before.data(), beforeAllowed.data(), after.data(), afterAllowed.data(), 4);
        QCOMPARE(found, (std::vector<float>{-0.25F, -0.25F, minusInfinity, minusInfinity}));
        QCOMPARE(mapDifference(before.data(), nullptr, after.data(), afterAllowed.data(), 3), (std::vector<float>{-0.25F, -0.25F, 0.0F}));
    }

    void theLargestChangesComeFirst() {
        std::mt19937 random(5);
        std::uniform_real_distribution<float> value(-1.0F, 1.0F);
        constexpr int rows = 11, columns = 7;
        std::vector<float> before(rows * columns), after(rows * columns);
        for (float& x : before) x = value(random);
        for (float& x : after) x = value(random);
        after[3] = before[3];
        const auto found = largestChanges(before.data(), after.data(), rows, columns, 5);
        std::vector<float> all;
        for (std::size_t i = 0; i < before.size(); ++i) all.push_back(std::abs(after[i] - before[i]));
        std::sort(all.rbegin(), all.rend());
        QCOMPARE(found.size(), std::size_t{5});
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(std::abs(found[i].after - found[i].before), all[i]);
            QCOMPARE(found[i].before, before[static_cast<std::size_t>(found[i].row * columns + found[i].column)]);
        }
        QCOMPARE(largestChanges(before.data(), after.data(), rows, columns, 1000).size(), before.size() - 1);
        QVERIFY(largestChanges(before.data(), before.data(), rows, columns, 5).empty());
        QVERIFY(largestChanges(before.data(), after.data(), rows, columns, 0).empty());
    }
};

QTEST_APPLESS_MAIN(MapDifferenceTest)
#include "map_difference_test.moc"
