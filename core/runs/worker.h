#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "core/base/message.h"

namespace lab {

/// One thread for work beside its owner; it begins with the first piece. What the work tells, and that it failed, is called on the owner's
/// thread, and never when it was cancelled meanwhile, by its owner or by the worker's end. All but Context belongs to the owner's thread.
class Worker {
public:
    /// Brings a function to the owner's thread, behind those before; called on any thread. Outlives the worker.
    using Post = std::function<void(std::function<void()>)>;
    enum class Priority { usual, givesWay };

    class Ticket;
    class Context;
    using TicketPtr = std::shared_ptr<Ticket>;
    using Work = std::function<void(Context&)>;
    /// Whatever the work throws ends here.
    using Failed = std::function<void(const Message&)>;

    explicit Worker(Post post, Priority priority = Priority::usual);
    ~Worker();  ///< cancels everything and joins

    /// Behind all that waits.
    TicketPtr enqueue(Work work, Failed failed);
    /// In place of all that waits; what is under way is finished, and told.
    TicketPtr follow(Work work, Failed failed);
    /// In place of everything before.
    TicketPtr request(Work work, Failed failed);
    /// Whatever was asked.
    void cancel();

    /// Something waits or is under way.
    bool busy() const;
    /// Until nothing is.
    void wait();
    /// After each piece the thread rests so many times as long as that took; 0 ends a rest, too.
    void setRest(double perWork);

private:
    struct Entry {
        TicketPtr ticket;
        Work work;
        Failed failed;
    };
    TicketPtr put(Work work, Failed failed, bool inPlace);
    void loop();
    void run(const Entry& entry);

    Post m_post;
    Priority m_priority;
    std::shared_ptr<std::atomic<bool>> m_void = std::make_shared<std::atomic<bool>>(false);  ///< all since the last cancel()
    mutable std::mutex m_mutex;
    std::condition_variable m_wakeUp, m_idle;
    std::deque<Entry> m_waiting;
    bool m_working = false;
    bool m_stopping = false;
    double m_restPerWork = 0;
    std::thread m_thread;
};

/// One piece of work that was asked for.
class Worker::Ticket {
public:
    explicit Ticket(std::shared_ptr<const std::atomic<bool>> allVoid) : m_allVoid(std::move(allVoid)) {}

    void cancel() { m_cancelled = true; }
    bool cancelled() const { return m_cancelled || *m_allVoid; }
    bool begun() const { return m_begun; }

private:
    friend class Worker;
    std::shared_ptr<const std::atomic<bool>> m_allVoid;
    std::atomic<bool> m_cancelled{false}, m_begun{false};
};

/// What work is given; for its thread, or for several that take turns.
class Worker::Context {
public:
    /// Asked often (every few tens of milliseconds of work at most): cancelled work ends at the next answer.
    bool cancelled() const { return m_ticket->cancelled(); }
    /// On the owner's thread, behind what was told before.
    void tell(std::function<void()> function) const;
    /// News of which only the newest counts: no more often than the window draws, the first ones and those told `now` at once.
    void progress(std::function<void()> function, bool now = false);

private:
    friend class Worker;
    struct News;
    Context(const Post& post, TicketPtr ticket) : m_post(post), m_ticket(std::move(ticket)) {}

    const Post& m_post;
    TicketPtr m_ticket;
    std::shared_ptr<News> m_news;
    std::chrono::steady_clock::time_point m_told{};
};

}  // namespace lab
