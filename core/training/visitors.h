#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace lab {

/// Threads of this program that want a processor for some milliseconds while a training computes on all of them: the window that draws,
/// a look at the model. The system would put such a thread on the processor of one that trains, whose team then waits for it at the end of
/// the step, and may leave two of the team on one processor for milliseconds after. So the training works with one thread less for each
/// visitor, from the next piece of its step on; what it computes does not depend on that.
class Visitors {
public:
    /// A visitor comes. Waits until a thread of the training has left its processor and goes there; waits no longer than a moment, and not
    /// at all where the training would take longer.
    void enter();
    /// The same without waiting.
    void announce() { m_present.fetch_add(1); }
    void leave() { m_present.fetch_sub(1); }
    /// Whether one that enters now has to wait.
    bool isFull() const { return m_occupied.load(); }

    // ---- the training's side; one training at a time

    /// Threads to compute with, of so many: at least one.
    int teamOf(int threads) const;
    /// All processors are taken from now on, for pieces of work that take so long.
    void occupy(std::chrono::duration<double> piece);
    /// The one that the caller runs on is free.
    void makeRoom();

private:
    std::atomic<int> m_present = 0;
    std::atomic<bool> m_occupied = false;
    std::atomic<int> m_freeProcessor = -1;
    std::mutex m_mutex;
    std::condition_variable m_room;
};

}  // namespace lab
