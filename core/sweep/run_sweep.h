#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "core/sweep/sweep_results.h"
#include "core/training/trainer.h"

namespace lab {

/// What a sweep tells while it runs; calls come one at a time, from any thread.
struct SweepObserver {
    std::function<void(int run)> begun;
    std::function<void(int run, const StepRecord&)> stepped;
    std::function<void(int run, const RunResult&)> ended;
};

/// The runs of shard `shard` (from 1) of `shards`, in the grid's order: every shards-th run, so that shards are of like work.
std::vector<int> runsOfShard(const Sweep& sweep, int shard, int shards);

/// About how much work one step of an experiment is, in multiply-adds, for time that is left.
double workOfStep(const Experiment& experiment);

/// Trains one run to its end and leaves its metrics and checkpoint in the folder, each whole or not there. A training that diverges is a
/// result too: its state before that is kept. Nothing when it was stopped.
std::optional<RunResult> trainRun(const Sweep& sweep, int run, const RunsFolder& folder, int threads, const std::stop_token& stop,
                                  const std::function<void(const StepRecord&)>& stepped);

/// Where the threads of a sweep take their runs from and bring what came of them; called on any of them, several at once.
struct RunSource {
    std::function<std::optional<int>(const std::stop_token& stop)> next;  ///< may wait; nothing: none is left
    std::function<void(int run, const RunResult&)> keep;
    std::function<void(int run)> refuse = {};  ///< cannot be trained here
};

/// Trains what the source gives until it gives nothing more, as the one below does.
void runSweep(const Sweep& sweep, const RunsFolder& folder, const RunSource& source, int jobs, int threads, const std::stop_token& stop,
              const SweepObserver& observer);

/// Trains those runs that are not in the results, `jobs` at a time, sharing `threads` processors (0 = all). The rows do not depend on
/// either. Returns when all are done or it was stopped; throws what went wrong after all threads ended: a full disk ends them, a run that
/// cannot be trained (a missing file, too little memory) leaves the others be.
void runSweep(SweepResults& results, const std::vector<int>& runs, int jobs, int threads, const std::stop_token& stop,
              const SweepObserver& observer);

}  // namespace lab
