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

    /// Also while it grows: what a mark gives back is used again, and what was taken before it stays.
    void whatAMarkGivesBackIsTakenAgain() {
        Arena arena;
        float* first = arena.take<float>(10);
        first[9] = 7;
        const Arena::Mark mark = arena.mark();
        constexpr std::size_t large = std::size_t{3} << 20;
        std::size_t grown = 0;
        for (int round = 0; round < 5; ++round) {
            for (int piece = 0; piece < 3; ++piece) arena.take<float>(large)[large - 1] = 1;
            if (round == 0) grown = arena.bytes();
            QCOMPARE(arena.bytes(), grown);
            arena.rewind(mark);
        }
        QCOMPARE(first[9], 7.0f);
        arena.reset();
        arena.take<float>(3 * large);
        QVERIFY(arena.bytes() <= grown + (std::size_t{1} << 22));
    }
};

QTEST_APPLESS_MAIN(ArenaTest)
#include "arena_test.moc"
