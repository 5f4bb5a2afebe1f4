#include "core/analysis/telling_cell.h"

#include <QtTest>
#include <vector>

using namespace lab;

namespace {

bool every(int) {
    return true;
}

}  // namespace

class TellingCellTest : public QObject {
    Q_OBJECT

private slots:
    void whatCanBeSeenStays() {
        const std::vector<float> even{0.5F, 0.5F, 0.9F, 0.1F};
        QCOMPARE(tellingCell(even.data(), 2, 2, {0, 1}, every), (MapCell{0, 1}));
        QCOMPARE(tellingCell(even.data(), 2, 2, {1, 1}, every), (MapCell{1, 1}));  // a ninth of the largest
    }

    void aKeyWithHardlyAnyWeightGivesWayToTheStrongest() {
        const std::vector<float> mirror{0.0001F, 0.3F, 0.6999F, 0.2F, 0.6F, 0.2F, 0.7F, 0.29F, 0.01F};
        QCOMPARE(tellingCell(mirror.data(), 3, 3, {0, 0}, every), (MapCell{0, 2}));
        QCOMPARE(tellingCell(mirror.data(), 3, 3, {2, 2}, every), (MapCell{2, 0}));
    }

    void aQueryThatSeesItselfOnlyOrIsNotAskedGivesWay() {
        const std::vector<float> causal{1, 0, 0, 0.4F, 0.6F, 0, 0.2F, 0.1F, 0.7F};
        QCOMPARE(tellingCell(causal.data(), 3, 3, {0, 0}, every), (MapCell{1, 1}));
        QCOMPARE(tellingCell(causal.data(), 3, 3, {0, 0}, [](int query) { return query == 2; }), (MapCell{2, 2}));
        QCOMPARE(tellingCell(causal.data(), 3, 3, {0, 0}, [](int) { return false; }), (MapCell{0, 0}));
    }
};

QTEST_APPLESS_MAIN(TellingCellTest)
#include "telling_cell_test.moc"
