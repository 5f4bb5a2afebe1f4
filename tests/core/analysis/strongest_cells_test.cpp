#include "core/analysis/strongest_cells.h"

#include <QtTest>
#include <limits>
#include <random>

using namespace lab;

class StrongestCellsTest : public QObject {
    Q_OBJECT

private slots:
    void areThoseThatNoOtherExceeds() {
        std::mt19937 random(3);
        std::uniform_real_distribution<float> value(0.0F, 1.0F);
        std::vector<float> table(9 * 13);
        for (float& entry : table) entry = value(random);
        table[20] = -std::numeric_limits<float>::infinity();
        const auto found = strongestCells(table.data(), 9, 13, 25, 0.2F);
        QCOMPARE(found.size(), std::size_t{25});
        for (std::size_t i = 0; i < found.size(); ++i) {
            QCOMPARE(found[i].value, table[static_cast<std::size_t>(found[i].row * 13 + found[i].column)]);
            QVERIFY(i == 0 || found[i - 1].value <= found[i].value);
        }
        const auto larger = std::count_if(table.begin(), table.end(), [&](float entry) { return entry > found.front().value; });
        QCOMPARE(larger, std::ptrdiff_t{24});
    }

    void smallOnesStayAway() {
        const std::vector<float> table{0.5F, 0.1F, 0.4F, 0.5F};
        QCOMPARE(strongestCells(table.data(), 2, 2, 10, 0.4F), (std::vector<StrongCell>{{1, 0, 0.4F}, {0, 0, 0.5F}, {1, 1, 0.5F}}));
        QCOMPARE(strongestCells(table.data(), 2, 2, 1, 0.0F), (std::vector<StrongCell>{{0, 0, 0.5F}}));
        QVERIFY(strongestCells(table.data(), 2, 2, 10, 0.6F).empty());
    }
};

QTEST_APPLESS_MAIN(StrongestCellsTest)
#include "strongest_cells_test.moc"
