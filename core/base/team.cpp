#include "core/base/team.h"

#include <algorithm>
#include <chrono>

#include "core/base/threads.h"

namespace lab {
namespace {

/// Leaves the core's other half and the memory alone for a moment.
void pauseBetweenLooks() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/// Until it is no longer `old`: awake as long as what lies between the works of one token takes, then asleep. To be woken takes as long.
void awaitChange(const std::atomic<int>& number, int old) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::microseconds mostAwake(100);
    constexpr int looksAtOnce = 32;
    const Clock::time_point end = Clock::now() + mostAwake;
    do {
        for (int i = 0; i < looksAtOnce; ++i) {
            if (number.load(std::memory_order_acquire) != old) return;
            pauseBetweenLooks();
        }
    } while (Clock::now() < end);
    number.wait(old, std::memory_order_acquire);
}

}  // namespace

Team::Team(int members) {
    bool more = true;
    for (int member = 1; more && member < members; ++member) more = addThread(m_others, [this, member] { work(member); });
}

Team::~Team() {
    m_act = nullptr;
    m_round.fetch_add(1, std::memory_order_release);
    m_round.notify_all();
    for (std::thread& other : m_others) other.join();
}

void Team::work(int member) {
    for (int round = 0;;) {
        awaitChange(m_round, round);
        ++round;  // the caller waits for all before the next one
        if (!m_act) return;
        (*m_act)(member);
        if (m_busy.fetch_sub(1, std::memory_order_acq_rel) == 1) m_busy.notify_one();
    }
}

void Team::share(const std::function<void(int)>& act) {
    if (!m_others.empty()) {
        m_act = &act;
        m_busy.store(static_cast<int>(m_others.size()), std::memory_order_relaxed);
        m_round.fetch_add(1, std::memory_order_release);
        m_round.notify_all();
    }
    act(0);
    for (int busy = m_busy.load(std::memory_order_acquire); busy > 0; busy = m_busy.load(std::memory_order_acquire))
        awaitChange(m_busy, busy);
}

}  // namespace lab
