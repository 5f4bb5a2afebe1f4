#include "core/training/visitors.h"

#include <algorithm>

#include "core/base/platform.h"

namespace lab {
namespace {

/// Longer would be felt when a hand waits for a picture.
constexpr std::chrono::milliseconds patience{4};

}  // namespace

void Visitors::enter() {
    announce();
    if (m_occupied.load()) {
        std::unique_lock lock(m_mutex);
        m_room.wait_for(lock, patience, [this] { return !m_occupied.load(); });
    }
    moveToProcessor(m_freeProcessor.load());
}

int Visitors::teamOf(int threads) const {
    return std::max(1, threads - m_present.load(std::memory_order_relaxed));
}

void Visitors::occupy(std::chrono::duration<double> piece) {
    m_freeProcessor.store(-1);
    m_occupied.store(piece < patience);
}

void Visitors::makeRoom() {
    m_freeProcessor.store(currentProcessor());
    if (!m_occupied.exchange(false)) return;
    const std::lock_guard lock(m_mutex);
    m_room.notify_all();
}

}  // namespace lab
