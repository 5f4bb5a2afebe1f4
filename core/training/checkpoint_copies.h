#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/training/history.h"

namespace lab {

/// Copies of a run's weights in memory of copies that nobody holds any more: to get fresh memory of some MB takes the system several times
/// as long as the copying, while a training waits. Keeps two unused ones at the most. The copies may outlive it; they may be released on
/// any thread, made on one.
class CheckpointCopies {
public:
    CheckpointPtr make(std::int64_t step, const Weights& weights);

private:
    class Unused {
    public:
        void put(std::unique_ptr<Weights> copy);
        /// Null when there is none.
        std::unique_ptr<Weights> take();

    private:
        std::mutex m_mutex;
        std::vector<std::unique_ptr<Weights>> m_copies;
    };
    std::shared_ptr<Unused> m_unused = std::make_shared<Unused>();
};

}  // namespace lab
