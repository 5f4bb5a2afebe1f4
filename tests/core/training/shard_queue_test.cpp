#include "core/training/shard_queue.h"

#include <QtTest>

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

using namespace lab;

class ShardQueueTest : public QObject {
    Q_OBJECT

private slots:
    void everySequenceOnceAndEachGroupInOrder_data() {
        QTest::addColumn<int>("sequences");
        QTest::addColumn<int>("groups");
        QTest::addColumn<int>("perShard");
        QTest::newRow("even") << 128 << 8 << 8;
        QTest::newRow("a shard a group") << 128 << 8 << 32;
        QTest::newRow("odd") << 13 << 4 << 2;
        QTest::newRow("one") << 1 << 1 << 512;
        QTest::newRow("one group") << 9 << 1 << 4;
    }
    void everySequenceOnceAndEachGroupInOrder() {
        QFETCH(int, sequences);
        QFETCH(int, groups);
        QFETCH(int, perShard);
        ShardQueue queue(sequences, groups, perShard);
        std::vector<int> taken(static_cast<std::size_t>(sequences), 0);
        std::vector<int> next(static_cast<std::size_t>(groups));
        for (int g = 0; g < groups; ++g) next[static_cast<std::size_t>(g)] = sequences * g / groups;
        while (const auto shard = queue.take()) {
            QVERIFY(shard->count > 0 && shard->count <= perShard);
            QCOMPARE(shard->first, next[static_cast<std::size_t>(shard->group)]);
            next[static_cast<std::size_t>(shard->group)] += shard->count;
            QVERIFY(shard->first + shard->count <= sequences * (shard->group + 1) / groups);
            for (int i = 0; i < shard->count; ++i) ++taken[static_cast<std::size_t>(shard->first + i)];
            queue.finish(*shard);
        }
        QCOMPARE(std::accumulate(taken.begin(), taken.end(), 0), sequences);
        QVERIFY(std::all_of(taken.begin(), taken.end(), [](int times) { return times == 1; }));
    }

    void aGroupIsWithOneThreadAtATime() {
        ShardQueue queue(8, 2, 2);
        const auto a = queue.take(), b = queue.take();
        QVERIFY(a && b && a->group != b->group);
        QVERIFY(!queue.take());  // sequences are left, but both groups are being worked on
        queue.finish(*b);
        const auto c = queue.take();
        QVERIFY(c);
        QCOMPARE(c->group, b->group);
        QCOMPARE(c->first, b->first + b->count);
    }

    void theFavouriteComesFirstAmongEquals() {
        ShardQueue queue(12, 3, 2);
        const auto first = queue.take(1);
        QCOMPARE(first->group, 1);
        queue.finish(*first);
        QCOMPARE(queue.take(1)->group, 0);  // 1 has less left now
    }

    void threadsGetDifferentShards() {
        constexpr int sequences = 4000;
        ShardQueue queue(sequences, 8, 1);
        std::atomic<int> left = sequences;
        std::vector<std::vector<int>> taken(4);
        std::vector<std::thread> threads;
        for (auto& mine : taken)
            threads.emplace_back([&queue, &mine, &left] {
                while (left > 0)
                    if (const auto shard = queue.take()) {
                        mine.push_back(shard->first);
                        queue.finish(*shard);
                        --left;
                    }
            });
        for (auto& thread : threads) thread.join();
        std::vector<int> all;
        for (const auto& mine : taken) all.insert(all.end(), mine.begin(), mine.end());
        std::sort(all.begin(), all.end());
        QCOMPARE(all.size(), std::size_t{sequences});
        QVERIFY(std::adjacent_find(all.begin(), all.end()) == all.end());
    }
};

QTEST_GUILESS_MAIN(ShardQueueTest)
#include "shard_queue_test.moc"
