#include <QtTest>

#include "core/patterns/tile_plan.h"
#include "core/patterns/visibility.h"

using namespace lab;

class BlocksTest : public QObject {
    Q_OBJECT

private slots:
    void aBlockSeesItselfAlone() {
        const Visibility blocks({"blocks", {{"block", 3}}}, false, false);
        for (int i = 0; i < 8; ++i)
            for (int j = 0; j < 8; ++j) QCOMPARE(blocks.mayAttend(i, j, 8), i / 3 == j / 3);
        QCOMPARE(blocks.whyNot(0, 3, 8).english(), std::string("in another block of 3"));
    }

    void blocksOfOneSeeThemselves() {
        const Visibility blocks({"blocks", {{"block", 1}}}, false, false);
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 4; ++j) QCOMPARE(blocks.mayAttend(i, j, 4), i == j);
    }

    /// A thousand entries are read at a cost that grows as they do.
    void nothingQuadraticIsStored() {
        const Visibility blocks({"blocks", {{"block", 3}}}, false, false);
        const TilePlan few(blocks, 300, 300), many(blocks, 3000, 3000);
        QCOMPARE(many.storedWeights, 10 * few.storedWeights);
        QVERIFY(few.storedWeights <= std::size_t{300 * 12});
    }
};

QTEST_APPLESS_MAIN(BlocksTest)
#include "blocks_test.moc"
