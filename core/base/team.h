#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace lab {

/// Threads that share works of some microseconds: they wait for the next one a moment awake, then asleep. For one caller at a time.
class Team {
public:
    /// The caller is one of them; fewer where the system has no more threads to give.
    explicit Team(int members);
    ~Team();
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    int members() const { return static_cast<int>(m_others.size()) + 1; }
    /// act(member) for each, 0 on the calling thread; returns when all are done. `act` throws nothing.
    void share(const std::function<void(int)>& act);

private:
    void work(int member);

    const std::function<void(int)>* m_act = nullptr;  ///< null: it is over
    std::atomic<int> m_round{0};
    std::atomic<int> m_busy{0};
    std::vector<std::thread> m_others;
};

}  // namespace lab
