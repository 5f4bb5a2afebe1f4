#include "core/analysis/pooling.h"
#include "tests/core/analysis/infinity.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

using namespace lab;

namespace {

struct Table {
    int rows, columns;
    std::vector<float> values, allowed;
};

Table randomTable(int rows, int columns, bool masked) {
    std::mt19937 random(static_cast<unsigned>(rows * 1000 + columns));
    std::uniform_real_distribution<float> value(-2.0F, 2.0F);
    Table table{rows, columns, {}, {}};
    for (int i = 0; i < rows * columns; ++i) {
        table.values.push_back(value(random));
        table.allowed.push_back(masked && random() % 3 == 0 ? minusInfinity : 0.0F);
    }
    return table;
}

/// The obvious way: every cell asks every entry whether it belongs there.
float slowEntry(const Table& table, int row, int column, int factor, Pooling pooling) {
    float best = 0.0F;
    double sum = 0.0;
    int count = 0;
    for (int i = 0; i < table.rows; ++i)
        for (int j = 0; j < table.columns; ++j) {
            if (i / factor != row || j / factor != column) continue;
            const auto at = static_cast<std::size_t>(i * table.columns + j);
            if (table.allowed[at] == minusInfinity) continue;
            if (count == 0 || std::abs(table.values[at]) > std::abs(best)) best = table.values[at];
            sum += static_cast<double>(table.values[at]);
            ++count;
        }
    if (count == 0) return minusInfinity;
    return pooling == Pooling::strongest ? best : static_cast<float>(sum / count);
}

}  // namespace

class PoolingTest : public QObject {
    Q_OBJECT

private slots:
    void equalsTheSlowWay() {
        for (const auto& [rows, columns] : {std::pair{1, 1}, {7, 5}, {12, 12}, {3, 20}})
            for (const bool masked : {false, true})
                for (const int factor : {1, 2, 3, 5, 30})
                    for (const Pooling pooling : {Pooling::strongest, Pooling::mean}) {
                        const Table table = randomTable(rows, columns, masked);
                        const PooledMap map = pooled(table.values.data(), table.allowed.data(), rows, columns, factor, pooling);
                        QCOMPARE(map.rows, static_cast<int>(std::ceil(rows / double(factor))));
                        QCOMPARE(map.columns, static_cast<int>(std::ceil(columns / double(factor))));
                        for (int r = 0; r < map.rows; ++r)
                            for (int c = 0; c < map.columns; ++c) {
                                const float found = map.values[static_cast<std::size_t>(r * map.columns + c)];
                                const float expected = slowEntry(table, r, c, factor, pooling);
                                QVERIFY(found == expected || std::abs(found - expected) < 1e-6F);
                            }
                    }
    }

    void infiniteValuesTakeNoPart() {
        const std::vector<float> values{minusInfinity, -3.0F, 1.0F, 2.0F, minusInfinity, minusInfinity};
        const PooledMap map = pooled(values.data(), nullptr, 1, 6, 2, Pooling::strongest);
        QCOMPARE(map.values, (std::vector<float>{-3.0F, 2.0F, minusInfinity}));
        QCOMPARE(pooled(values.data(), nullptr, 1, 6, 2, Pooling::mean).values, (std::vector<float>{-3.0F, 1.5F, minusInfinity}));
    }
};

QTEST_APPLESS_MAIN(PoolingTest)
#include "pooling_test.moc"
