#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "app/commands/status_line.h"
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

    int doneCount() const { return m_done; }
    int totalCount() const { return m_total; }

private:
    std::string endText(int run, const RunResult& result) const;
    std::string statusText() const;
    std::string timeLeft() const;

    struct InHand {
        double workOfStep = 0;
        std::int64_t step = 0;
        std::int64_t steps = 0;
        double loss = 0;
    };
    using Clock = std::chrono::steady_clock;
    const Sweep& m_sweep;
    StatusLine m_line;
    bool m_quiet;
    int m_done = 0;
    int m_total = 0;
    double m_workLeft = 0;  ///< multiply-adds, about
    double m_workDone = 0;  ///< since the start
    std::map<int, InHand> m_inHand;
    Clock::time_point m_begin = Clock::now();
};

}  // namespace lab
