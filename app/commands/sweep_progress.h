#pragma once

#include <atomic>
#include <chrono>
#include <vector>

#include "app/commands/status_line.h"
#include "core/sweep/remaining_work.h"
#include "core/sweep/run_sweep.h"

namespace lab {

/// The progress of a sweep on standard error: a line for each run that ends, and below it on a terminal what is in hand and how long the
/// rest will take.
class SweepProgress {
public:
    /// `runs` are those of this shard, finished ones among them.
    SweepProgress(const SweepResults& results, const std::vector<int>& runs, bool quiet);

    void begun(int run);
    void stepped(int run, const StepRecord& record);
    void ended(int run, const RunResult& result);
    void finish() { m_line.finish(); }

    int doneCount() const { return m_work.doneCount(); }
    int totalCount() const { return m_work.totalCount(); }

private:
    std::string endText(int run, const RunResult& result) const;
    std::string statusText() const;
    std::string timeLeft() const;

    using Clock = std::chrono::steady_clock;
    const Sweep& m_sweep;
    StatusLine m_line;
    bool m_quiet;
    RemainingWork m_work;
    Clock::time_point m_begin = Clock::now();
};

/// The same of a sweep that others work too: what is in hand here, and how many runs are finished wherever.
class SharedProgress {
public:
    SharedProgress(const Sweep& sweep, bool quiet) : m_sweep(sweep), m_line(quiet), m_quiet(quiet), m_work(sweep, {}, 0) {}

    void begun(int run) { m_work.begun(run); }
    void stepped(int run, const StepRecord& record);
    void ended(int run, const RunResult& result);
    void finish() { m_line.finish(); }
    /// Any thread.
    void counted(int finished) { m_finished = finished; }

    int finishedCount() const { return m_finished; }
    int ownCount() const { return m_work.doneCount(); }

private:
    const Sweep& m_sweep;
    StatusLine m_line;
    bool m_quiet;
    RemainingWork m_work;
    std::atomic<int> m_finished = 0;
};

}  // namespace lab
