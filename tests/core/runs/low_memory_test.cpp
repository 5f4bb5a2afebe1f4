// Whatever does not fit into memory costs that, and never the program: large blocks are refused as the system would.

#include <QTest>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include "core/runs/training_runs.h"
#include "tests/core/runs/owner_thread.h"
#include "tests/core/runs/small_task.h"

namespace {

std::atomic<std::size_t> largestBlock = std::numeric_limits<std::size_t>::max();

}  // namespace

/// Weights, states and working memory come from here, and nothing else does.
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    const auto line = static_cast<std::size_t>(alignment);
    void* memory = bytes > largestBlock ? nullptr : std::aligned_alloc(line, (bytes + line - 1) / line * line);
    if (!memory) throw std::bad_alloc();
    return memory;
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

using namespace lab;

namespace {

struct ShortOfMemory {
    ShortOfMemory() { largestBlock = 0; }
    ~ShortOfMemory() { largestBlock = std::numeric_limits<std::size_t>::max(); }
};

struct LowRoom {
    bool until(const std::function<bool()>& reached) { return owner.runUntil(reached); }

    OwnerThread owner;
    std::vector<RunEvents> told;
    TrainingRuns runs{[this] { owner.post()([this] { runs.take(); }); },
                      [this](TrainingRun&, const RunEvents& events) { told.push_back(events); }};
};

const std::string sentence = "There is not enough memory for it.";

}  // namespace

class LowMemoryTest : public QObject {
    Q_OBJECT

private slots:
    void aTrainingThatDoesNotFitSaysSo() {
        LowRoom room;
        const TrainingRunPtr run = room.runs.add(smallTask()), other = room.runs.add(smallTask(20));
        {
            const ShortOfMemory now;
            run->train();
            QVERIFY(room.until([&] { return run->state() == RunState::failed; }));
            QCOMPARE(run->message().english(), sentence);
        }
        other->train();
        QVERIFY(room.until([&] { return other->state() == RunState::finished; }));
        run->reset();
        run->train();
        QVERIFY(room.until([&] { return run->state() == RunState::finished; }));
        QVERIFY(sameBits(run->latest()->weights, trainedAlone(smallTask())));
    }

    void aTrainingUnderWayKeepsItsRecordsAndItsState() {
        LowRoom room;
        const TrainingRunPtr run = room.runs.add(smallTask(1000000));
        run->train();
        QVERIFY(room.until([&] { return run->step() >= 5; }));
        {
            const ShortOfMemory now;
            QVERIFY(room.until([&] { return run->state() == RunState::failed; }));
        }
        QCOMPARE(run->message().english(), sentence);
        QCOMPARE(run->records().size(), static_cast<std::size_t>(run->step()));
        room.runs.stop();
        QCOMPARE(room.runs.finalState(*run)->step, run->step());
    }

    void aStateIsNotCopiedButAnswered() {
        LowRoom room;
        const TrainingRunPtr run = room.runs.add(smallTask());
        run->stepOnce();
        QVERIFY(room.until([&] { return run->step() == 1; }));
        room.told.clear();
        const auto answer = [&]() -> const TrainingStatePtr* {
            for (const RunEvents& events : room.told)
                if (!events.states.empty()) return &events.states.front();
            return nullptr;
        };
        {
            const ShortOfMemory now;
            run->requestState();
            QVERIFY(room.until([&] { return answer(); }));
        }
        QVERIFY(!*answer());
        room.told.clear();
        run->requestState();
        QVERIFY(room.until([&] { return answer(); }));
        QCOMPARE((*answer())->step, 1);
    }

    void aMomentIsNotRecomputedAndSaysSo() {
        LowRoom room;
        const TrainingRunPtr run = room.runs.add(smallTask());
        run->train();
        QVERIFY(room.until([&] { return run->state() == RunState::finished; }));
        const auto error = [&] {
            return std::any_of(room.told.begin(), room.told.end(),
                               [](const RunEvents& events) { return events.replayError.english() == sentence; });
        };
        const ShortOfMemory now;
        run->requestWeightsAt(7);
        QVERIFY(room.until(error));
        QCOMPARE(run->state(), RunState::finished);
    }

    /// The last thing that a program does.
    void theEndNeedsNoRoom() {
        LowRoom room;
        const TrainingRunPtr run = room.runs.add(smallTask());
        run->stepOnce();
        QVERIFY(room.until([&] { return run->step() == 1; }));
        const ShortOfMemory now;
        room.runs.stop();
        QCOMPARE(room.runs.finalState(*run)->step, 1);
    }
};

QTEST_GUILESS_MAIN(LowMemoryTest)
#include "low_memory_test.moc"
