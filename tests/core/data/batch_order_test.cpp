#include "core/data/batch_order.h"

#include <QtTest>
#include <numeric>
#include <random>

#include "core/config/training_config.h"
#include "core/data/dataset.h"

using namespace lab;

class BatchOrderTest : public QObject {
    Q_OBJECT

private slots:
    void withoutShufflingBatchesWrapAround() {
        TrainingConfig training;
        training.shuffle = false;
        training.batch_size = 4;
        QCOMPARE(batchIndices(training, 6, 0), (std::vector{0, 1, 2, 3}));
        QCOMPARE(batchIndices(training, 6, 1), (std::vector{4, 5, 0, 1}));
        QCOMPARE(batchIndices(training, 6, 1'000'000'000'000), (std::vector{4, 5, 0, 1}));
        QCOMPARE(batchIndices(training, 3, 0), (std::vector{0, 1, 2, 0}));
    }

    void anEpochShowsEachSampleAtMostOnce() {
        TrainingConfig training;
        training.batch_size = 10;
        for (std::int64_t epoch : {0, 1, 7}) {
            std::vector<int> seen;
            for (std::int64_t b = 0; b < 10; ++b) {
                const auto batch = batchIndices(training, 105, epoch * 10 + b);
                seen.insert(seen.end(), batch.begin(), batch.end());
            }
            std::ranges::sort(seen);
            QCOMPARE(seen.size(), std::size_t{100});
            QVERIFY(std::ranges::adjacent_find(seen) == seen.end());
            QVERIFY(seen.front() >= 0 && seen.back() < 105);
        }
    }

    void epochsAndSeedsDiffer() {
        TrainingConfig training;
        training.batch_size = 50;
        TrainingConfig other = training;
        other.seed = 43;
        QVERIFY(batchIndices(training, 100, 0) != batchIndices(training, 100, 2));
        QVERIFY(batchIndices(training, 100, 0) != batchIndices(other, 100, 0));
        QCOMPARE(batchIndices(training, 100, 5), batchIndices(training, 100, 5));
    }

    void theCacheChangesNothing() {
        TrainingConfig training;
        training.batch_size = 7;
        BatchOrder order(training, 50);
        std::mt19937 random(3);
        for (int i = 0; i < 200; ++i) {
            const auto k = static_cast<std::int64_t>(random() % 40);
            QCOMPARE(order.indices(k), batchIndices(training, 50, k));
        }
    }

    void everyOrderIsReached() {
        // All 6 orders of 3 samples, about equally often.
        TrainingConfig training;
        training.batch_size = 3;
        std::map<std::vector<int>, int> counts;
        for (std::int64_t k = 0; k < 3000; ++k) ++counts[batchIndices(training, 3, k)];
        QCOMPARE(counts.size(), std::size_t{6});
        for (const auto& [order, count] : counts) QVERIFY(std::abs(count - 500) < 130);
    }
};

QTEST_APPLESS_MAIN(BatchOrderTest)
#include "batch_order_test.moc"
