#pragma once

#include <QObject>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/runs/worker.h"
#include "core/sweep/remaining_work.h"
#include "core/sweep/sweep.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// How a sweep is computed; its rows do not depend on it.
struct SweepOptions {
    int jobs = 1;     ///< runs at the same time
    int threads = 0;  ///< processors that they share; 0 = all

    bool operator==(const SweepOptions&) const = default;
};

/// How far a sweep under way is.
struct SweepProgressNews {
    int done = 0;
    int total = 0;
    double share = 0;  ///< of the work, 0 to 1
    std::vector<RunInHand> inHand;
    std::optional<double> secondsLeft;
};

/// Trains a sweep on threads of its own that give way to the window and its training. News come some 30 times a second at most. The
/// results file is the place where rows are found (core/sweep/sweep_results.h).
class SweepThread : public QObject {
    Q_OBJECT

public:
    explicit SweepThread(QObject* parent = nullptr);
    ~SweepThread() override;  ///< stops and joins

    /// Begins the results file or goes on with it. Not while one is running.
    void start(const Sweep& sweep, const std::filesystem::path& csv, const SweepOptions& options);
    /// Ends after the steps under way; ended() tells.
    void requestStop();
    /// The same, and waits for it: for the end of the program.
    void stop();

    bool isRunning() const { return m_running; }
    const SweepProgressNews& progress() const { return m_shown; }

signals:
    /// The results file is there, with the rows that were in it.
    void opened();
    void progressed();
    /// A run's row is in the file.
    void rowAdded();
    /// `error` is empty when all runs are done or it was stopped.
    void ended(const QString& error);

private:
    void work(Worker::Context& context, const std::stop_token& stop, const Sweep& sweep, const std::filesystem::path& csv,
              const SweepOptions& options);
    void end(const QString& error);

    GuiPost m_post;
    bool m_running = false;
    SweepProgressNews m_shown;
    std::stop_source m_stop;
    Worker m_worker{m_post.poster(), Worker::Priority::givesWay};  ///< its threads inherit that; ends first
};

}  // namespace lab
