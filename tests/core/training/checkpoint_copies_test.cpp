#include "core/training/checkpoint_copies.h"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace lab;

class CheckpointCopiesTest : public QObject {
    Q_OBJECT

private slots:
    void areCopies() {
        CheckpointCopies copies;
        Weights weights(1000, 1.0f);
        const CheckpointPtr first = copies.make(1, weights);
        weights[3] = 2.0f;
        const CheckpointPtr second = copies.make(2, weights);
        QCOMPARE(first->step, 1);
        QCOMPARE(first->weights[3], 1.0f);
        QCOMPARE(second->step, 2);
        QVERIFY(second->weights == weights);
    }

    void leavesAloneWhatSomebodyHolds() {
        CheckpointCopies copies;
        CheckpointPtr checkpoint = copies.make(1, Weights(1000, 1.0f));
        const float* memory = checkpoint->weights.data();
        const CheckpointPtr held = checkpoint;
        checkpoint.reset();
        QVERIFY(copies.make(2, Weights(1000, 2.0f))->weights.data() != memory);
        QCOMPARE(held->weights[999], 1.0f);
    }

    void takesTheMemoryOfOneThatNobodyHolds() {
        CheckpointCopies copies;
        CheckpointPtr checkpoint = copies.make(1, Weights(1000, 1.0f));
        const Checkpoint* const place = checkpoint.get();
        checkpoint.reset();
        const CheckpointPtr next = copies.make(2, Weights(1000, 2.0f));
        QCOMPARE(next.get(), place);
        QCOMPARE(next->step, 2);
        QVERIFY(next->weights == Weights(1000, 2.0f));
    }

    void otherSizesFit() {
        CheckpointCopies copies;
        copies.make(1, Weights(1000, 1.0f));
        QVERIFY(copies.make(2, Weights(10, 2.0f))->weights == Weights(10, 2.0f));
        QVERIFY(copies.make(3, Weights(5000, 3.0f))->weights == Weights(5000, 3.0f));
    }

    void outliveTheirMaker() {
        CheckpointPtr checkpoint;
        {
            CheckpointCopies copies;
            checkpoint = copies.make(7, Weights(100, 7.0f));
        }
        QCOMPARE(checkpoint->step, 7);
        QVERIFY(checkpoint->weights == Weights(100, 7.0f));
    }

    /// What one thread still reads is never written again by the one that makes them.
    void areReleasedOnOtherThreads() {
        CheckpointCopies copies;
        std::mutex mutex;
        CheckpointPtr newest;
        std::atomic<bool> over = false;
        std::atomic<int> wrong = 0, read = 0;
        std::thread reader([&] {
            while (!over) {
                CheckpointPtr mine;
                {
                    const std::lock_guard lock(mutex);
                    mine = newest;
                }
                if (!mine) continue;
                ++read;
                for (const float value : mine->weights)
                    if (value != static_cast<float>(mine->step)) ++wrong;
            }
        });
        for (int step = 1; step <= 2000 || read < 100; ++step) {
            CheckpointPtr made = copies.make(step, Weights(512, static_cast<float>(step)));
            const std::lock_guard lock(mutex);
            newest = std::move(made);
        }
        over = true;
        reader.join();
        QCOMPARE(wrong.load(), 0);
    }
};

QTEST_APPLESS_MAIN(CheckpointCopiesTest)
#include "checkpoint_copies_test.moc"
