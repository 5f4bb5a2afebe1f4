#pragma once

#include <functional>

#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// A worker of the GUI thread's for looks that are too slow for it: the latest request wins, what an older one found is dropped.
class LatestTask {
public:
    using Wanted = std::function<bool()>;
    using Found = std::function<void()>;  ///< called on the GUI thread
    using Failed = std::function<void(const QString& message)>;

    explicit LatestTask(Worker::Priority priority = Worker::Priority::usual) : m_worker(m_post.poster(), priority) {}

    /// Ends by waiting for the work under way, which is no longer wanted; work that lasts asks every few milliseconds whether it is.
    void request(std::function<Found(const Wanted&)> work, Failed failed = {});
    void request(std::function<Found()> work, Failed failed = {});
    /// The same of work that tells how far it is.
    void requestTold(std::function<Found(Worker::Context&)> work, Failed failed = {});
    void cancel() { m_worker.cancel(); }
    bool busy() const { return m_worker.busy(); }

private:
    GuiPost m_post;
    Worker m_worker;  ///< ends first
};

}  // namespace lab
