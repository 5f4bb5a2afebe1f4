#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/message.h"
#include "core/runs/run_state.h"
#include "core/training/history.h"
#include "core/training/trainer.h"

namespace lab {

/// How a training came to its end.
struct RunEnd {
    RunState state = RunState::finished;
    Message message;
};

/// What the training thread has to tell about one run since the mailbox was last emptied.
struct RunNews {
    int generation = 0;                           ///< counts resets; news of an older one is void
    std::vector<StepRecord> records;              ///< lossless
    std::vector<CheckpointPtr> checkpoints;       ///< history steps
    CheckpointPtr latest;                         ///< newest weights, latest wins
    std::vector<TrainingStatePtr> states;         ///< answers to requestState; null: there was no room
    std::vector<TrainingStatePtr> historyStates;  ///< full states for the history
    CheckpointPtr weightsAt;                      ///< answer to the latest requestWeightsAt
    std::vector<TrainingStatePtr> statesAt;       ///< answers to requestStateAt
    Message replayError;                          ///< why there is no such answer
    std::optional<RunEnd> end;                    ///< behind the last record
};

/// Carries news from the training thread to the owner's. The mutex is held for a push or a swap only; one wake-up is under way at most.
class Mailbox {
public:
    explicit Mailbox(std::function<void()> wake) : m_wake(std::move(wake)) {}

    /// Training thread: lets `write` add to the news of `run`.
    template <class Write>
    void post(int run, int generation, Write write) {
        bool wake = false;
        {
            const std::lock_guard lock(m_mutex);
            RunNews& news = m_news[run];
            if (news.generation != generation) news = RunNews{};
            news.generation = generation;
            write(news);
            wake = !m_awake;
            m_awake = true;
        }
        if (wake) m_wake();
    }

    /// Owner's thread: takes everything.
    std::map<int, RunNews> take() {
        std::map<int, RunNews> news;
        const std::lock_guard lock(m_mutex);
        news.swap(m_news);
        m_awake = false;
        m_emptied.fetch_add(1, std::memory_order_relaxed);
        return news;
    }

    /// Grows with each emptying: new weights are wanted for the live view once for each.
    std::uint64_t emptied() const { return m_emptied.load(std::memory_order_relaxed); }

private:
    std::mutex m_mutex;
    std::map<int, RunNews> m_news;
    bool m_awake = false;
    std::atomic<std::uint64_t> m_emptied{1};
    std::function<void()> m_wake;
};

}  // namespace lab
