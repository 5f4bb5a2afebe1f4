// What other programs do to a training step: busy_core_bench [seconds]. Each row's mean step time alone; beside a program that keeps one
// core busy; and beside one that computes for 5 of every 33 ms, as a window that draws 30 pictures a second, anywhere. In turn, three
// times, with a thread for every core. No assertions; not a ctest. Linux.

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

#include "core/base/median.h"
#include "core/base/platform.h"
#include "core/training/bench.h"
#include "core/training/bench_plan.h"

namespace {

double processorMilliseconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return 1e3 * static_cast<double>(used.tv_sec) + 1e-6 * static_cast<double>(used.tv_nsec);
}

void keepCoreBusy() {
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    sched_setaffinity(0, sizeof first, &first);
    for (std::atomic<unsigned> count = 0;; ++count) {
    }
}

void computeInBursts() {
    for (auto next = std::chrono::steady_clock::now();; next += std::chrono::milliseconds(33)) {
        for (const double begin = processorMilliseconds(); processorMilliseconds() < begin + 5;) {
        }
        std::this_thread::sleep_until(next);
    }
}

/// A process that does this for as long as it lives.
class OtherProgram {
public:
    explicit OtherProgram(void (*work)()) : m_process(fork()) {
        if (m_process == 0) work();
    }
    ~OtherProgram() {
        kill(m_process, SIGKILL);
        waitpid(m_process, nullptr, 0);
    }
    OtherProgram(const OtherProgram&) = delete;
    OtherProgram& operator=(const OtherProgram&) = delete;

private:
    pid_t m_process;
};

double stepMilliseconds(const lab::Experiment& experiment, double seconds) {
    double result = 0;
    std::thread([&] { result = 1e3 / lab::measureStepsPerSecond({experiment, lab::processorCount()}, seconds); }).join();
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
    std::printf("%-46s    alone    beside   ratio    in bursts   ratio\n", "ms a step");
    for (const lab::Experiment& experiment : lab::benchExperiments(lab::BenchGrid::quick)) {
        std::vector<double> alone, busy, bursts;
        for (int round = 0; round < 3; ++round) {
            alone.push_back(stepMilliseconds(experiment, seconds));
            {
                const OtherProgram other(keepCoreBusy);
                busy.push_back(stepMilliseconds(experiment, seconds));
            }
            const OtherProgram other(computeInBursts);
            bursts.push_back(stepMilliseconds(experiment, seconds));
        }
        const double a = lab::medianOf(alone), b = lab::medianOf(busy), c = lab::medianOf(bursts);
        std::printf("%-46s %8.2f  %8.2f  %6.2f     %8.2f  %6.2f\n", lab::benchName(experiment).c_str(), a, b, b / a, c, c / a);
        std::fflush(stdout);
    }
}
