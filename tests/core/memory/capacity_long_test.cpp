#include <QtTest>

#include "tests/core/memory/capacity_testing.h"

using namespace lab;
using namespace lab::memory_testing;

/// RESEARCH G.2, every cell.
class CapacityLongTest : public QObject {
    Q_OBJECT

private slots:
    void theTableIsAsPublished_data() {
        QTest::addColumn<int>("row");
        for (std::size_t k = 0; k < publishedRows.size(); ++k)
            QTest::newRow(std::string(publishedRows[k].rule).c_str()) << static_cast<int>(k);
    }

    void theTableIsAsPublished() {
        QFETCH(int, row);
        const PublishedRow& published = publishedRows[static_cast<std::size_t>(row)];
        const auto points = curve(published.rule);
        QStringList wrong;
        for (std::size_t k = 0; k < points.size(); ++k) {
            const QString cell = cellText(points[k], published, k);
            qInfo("%s", qPrintable(cell));
            if (!agrees(points[k], published, k)) wrong << cell;
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join("\n")));
    }

    void theRulesDropInTheirOrder() {
        const double hebb = drop("hebb"), storkey = drop("storkey"), pseudoInverse = drop("pseudo-inverse"),
                     zeroDiagonal = drop("pseudo-inverse-zero-diagonal");
        qInfo("overlap falls below .9 at loads %.3f, %.3f, %.3f, %.3f", hebb, storkey, pseudoInverse, zeroDiagonal);
        QVERIFY(hebb < storkey - 0.1 && storkey < pseudoInverse - 0.03 && pseudoInverse < zeroDiagonal);
    }

private:
    const std::vector<CapacityPoint>& curve(std::string_view rule) {
        auto& points = m_curves[rule];
        if (points.empty())
            points =
                capacityCurve(classicalMemory(storageRule(rule)), publishedQuestion({publishedLoads.begin(), publishedLoads.end()}), 2);
        return points;
    }

    /// The load at which the mean overlap falls below .9, on the line between two points.
    double drop(std::string_view rule) {
        constexpr double level = 0.9;
        const auto& points = curve(rule);
        for (std::size_t k = 1; k < points.size(); ++k) {
            const CapacityPoint &before = points[k - 1], &after = points[k];
            if (after.overlap >= level) continue;
            return before.load + (after.load - before.load) * (before.overlap - level) / (before.overlap - after.overlap);
        }
        return 1;
    }

    std::map<std::string_view, std::vector<CapacityPoint>> m_curves;
};

QTEST_APPLESS_MAIN(CapacityLongTest)
#include "capacity_long_test.moc"
