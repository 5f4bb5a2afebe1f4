// What another program that keeps one core busy does to a training step: busy_core_bench [seconds]. Each row's mean step time alone and
// beside it, in turn, three times, with a thread for every core. No assertions; not a ctest. Linux.

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/base/platform.h"
#include "core/training/bench.h"
#include "core/training/bench_plan.h"

namespace {

/// A process that computes on core 0 for as long as this lives.
class BusyProgram {
public:
    BusyProgram() : m_process(fork()) {
        if (m_process != 0) return;
        cpu_set_t first;
        CPU_ZERO(&first);
        CPU_SET(0, &first);
        sched_setaffinity(0, sizeof first, &first);
        for (std::atomic<unsigned> count = 0;; ++count) {
        }
    }
    ~BusyProgram() {
        kill(m_process, SIGKILL);
        waitpid(m_process, nullptr, 0);
    }
    BusyProgram(const BusyProgram&) = delete;
    BusyProgram& operator=(const BusyProgram&) = delete;

private:
    pid_t m_process;
};

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
    std::printf("%-46s    alone    beside   ratio\n", "ms a step");
    for (const lab::Experiment& experiment : lab::benchExperiments(lab::BenchGrid::quick)) {
        if (experiment.model.d_model < 64) continue;
        std::vector<double> alone, beside;
        for (int round = 0; round < 3; ++round) {
            alone.push_back(1e3 / lab::measureStepsPerSecond({experiment, lab::processorCount()}, seconds));
            const BusyProgram busy;
            beside.push_back(1e3 / lab::measureStepsPerSecond({experiment, lab::processorCount()}, seconds));
        }
        const double a = lab::medianOf(alone), b = lab::medianOf(beside);
        std::printf("%-46s %8.2f  %8.2f  %6.2f\n", lab::benchName(experiment).c_str(), a, b, b / a);
        std::fflush(stdout);
    }
}
