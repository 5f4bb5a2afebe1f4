#include "ui/pages/stream/cell_map.h"

#include <QTest>

using namespace lab;

namespace {

/// Ten rows and eight columns of 40 x 20 in a room of 200 x 104 below and right of (50, 30).
CellLayout scrolledCells(QPointF offset, bool pinned) {
    CellLayout layout;
    layout.rows = 10;
    layout.columns = 8;
    layout.left = 50;
    layout.top = 30;
    layout.cell = {40, 20};
    layout.room = {200, 104};
    layout.lastGap = 4;
    layout.offset = offset;
    layout.pinsRow = layout.pinsColumn = pinned;
    return layout;
}

}  // namespace

/// Where cells lie while they are scrolled.
class CellMapTest : public QObject {
    Q_OBJECT

private slots:
    void everyPointIsOfTheCellThatIsSeenThere() {
        for (const bool pinned : {false, true})
            for (const QPointF offset : {QPointF(0, 0), QPointF(55, 33), QPointF(120, 100)}) {
                const CellLayout layout = scrolledCells(offset, pinned);
                int found = 0;
                for (int y = 31; y < 134; y += 2)
                    for (int x = 51; x < 250; x += 3) {
                        const MapCell cell = layout.cellAt({x + 0.5, y + 0.5});
                        if (!cell.valid()) continue;  // the gap before the last row
                        ++found;
                        QVERIFY(layout.cellRect(cell).contains(x + 0.5, y + 0.5));
                        QVERIFY(layout.seen(cell).contains(x + 0.5, y + 0.5));
                    }
                QVERIFY(found > 0);
            }
    }

    void whatIsPinnedStaysInSight() {
        for (const QPointF offset : {QPointF(0, 0), QPointF(55, 33), QPointF(120, 100)}) {
            const CellLayout layout = scrolledCells(offset, true);
            QCOMPARE(layout.cellRect({9, 7}), QRectF(210, 114, 40, 20));
            QCOMPARE(layout.cellAt({211, 115}), (MapCell{9, 7}));
            QCOMPARE(layout.cellRect({9, 0}).top(), 114.0);
            QVERIFY(layout.seen({0, 0}).right() <= 210 && layout.seen({0, 0}).bottom() <= 110);
        }
        // All scrolled by: where it would be anyway.
        QCOMPARE(scrolledCells({120, 100}, true).cellRect({9, 7}), scrolledCells({120, 100}, false).cellRect({9, 7}));
        QVERIFY(scrolledCells({0, 0}, false).cellRect({9, 7}).left() > 250);
    }
};

QTEST_APPLESS_MAIN(CellMapTest)
#include "cell_map_test.moc"
