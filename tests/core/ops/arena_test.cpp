#include "core/tensor/arena.h"

#include <QTest>
#include <cstdint>

using namespace lab;

class ArenaTest : public QObject {
    Q_OBJECT

private slots:
    /// Whatever came before: vectors of every instruction set are loaded aligned, and no two buffers share a line of the cache.
    void everyPieceBeginsALineOfTheCache() {
        Arena arena;
        std::uintptr_t before = 0;
        for (const std::size_t count : {1, 3, 16, 17, 255, 5, 1}) {
            float* piece = arena.take<float>(count);
            const auto at = reinterpret_cast<std::uintptr_t>(piece);
            QCOMPARE(at % 64, std::uintptr_t{0});
            QVERIFY(at >= before + 64 || before == 0);
            before = at;
        }
    }
};

QTEST_APPLESS_MAIN(ArenaTest)
#include "arena_test.moc"
