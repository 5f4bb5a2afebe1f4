#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/sweep/sweep.h"
#include "core/training/trainer.h"

namespace lab {

/// A run that is being trained.
struct RunInHand {
    int run = 0;
    std::int64_t step = 0;   ///< done
    std::int64_t steps = 0;  ///< of the whole run
    double loss = 0;         ///< of the last step's batch; 0 before the first
};

/// How far a sweep is and how long the rest will take: runs are weighed by the multiply-adds of their steps, so that small ones that come
/// first do not promise too much.
class RemainingWork {
public:
    /// `open` are the runs that are still to be trained; `done` of all are not.
    RemainingWork(const Sweep& sweep, const std::vector<int>& open, int done);

    void begun(int run);
    void stepped(int run, const StepRecord& record);
    /// Its other steps, of a training that diverged, need not be done.
    void ended(int run);

    int doneCount() const { return m_done; }
    int totalCount() const { return m_total; }
    /// Of all the work of `open`, from 0 to 1.
    double share() const;
    std::vector<RunInHand> inHand() const;
    /// Nothing before the first step. `elapsed`: since the first of these calls, in seconds.
    std::optional<double> secondsLeft(double elapsed) const;

private:
    struct Hand {
        double workOfStep = 0;
        RunInHand run;
    };
    Sweep m_sweep;
    int m_done;
    int m_total;
    double m_workLeft = 0;  ///< multiply-adds, about
    double m_workDone = 0;
    std::map<int, Hand> m_inHand;
};

/// About how many multiply-adds these runs take, validation and test included.
double workOf(const Sweep& sweep, const std::vector<int>& runs);

/// Multiply-adds a second of training, measured by a few steps of a run on this machine as busy as it is: for about how long a sweep will
/// take. Nothing when it was stopped or the run cannot be trained.
std::optional<double> measuredRate(const Sweep& sweep, int run, int threads, const std::stop_token& stop);

}  // namespace lab
