#include "core/analysis/memory_keys.h"

#include <QtTest>

using namespace lab;

namespace {

Visibility cutInto(int segment, int memory) {
    return {{"segments", {{"segment", static_cast<double>(segment)}, {"memory", static_cast<double>(memory)}}}, true, false};
}

}  // namespace

class MemoryKeysTest : public QObject {
    Q_OBJECT

private slots:
    void segmentsBeginWhereTheTokenBeforeIsMemory() {
        QCOMPARE(segmentStarts(cutInto(4, 2), 11), (std::vector<int>{4, 8}));
        QCOMPARE(segmentStarts(cutInto(3, 5), 7), (std::vector<int>{3, 6}));
        QVERIFY(segmentStarts(cutInto(4, 0), 11).empty());
        QVERIFY(segmentStarts(Visibility(), 11).empty());
        QVERIFY(segmentStarts(Visibility({"full", {}}, true, false), 11).empty());
    }

    void memoryIsSeenAndOfAnEarlierSegment() {
        const Visibility visibility = cutInto(4, 2);
        for (int i = 0; i < 12; ++i)
            for (int j = 0; j < 12; ++j) {
                const int start = i / 4 * 4;
                QCOMPARE(isMemory(visibility, i, j, 12), j < start && j >= start - 2);
                QVERIFY(!isMemory(Visibility(), i, j, 12));
            }
    }
};

QTEST_APPLESS_MAIN(MemoryKeysTest)
#include "memory_keys_test.moc"
