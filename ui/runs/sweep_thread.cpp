#include "ui/runs/sweep_thread.h"

#include <chrono>

#include "core/sweep/run_sweep.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<int> openRuns(const SweepResults& results) {
    std::vector<int> open;
    for (const int run : runsOfShard(results.sweep(), 1, 1))
        if (!results.isFinished(run)) open.push_back(run);
    return open;
}

}  // namespace

SweepThread::SweepThread(QObject* parent) : QObject(parent) {}

SweepThread::~SweepThread() {
    requestStop();
}

void SweepThread::start(const Sweep& sweep, const std::filesystem::path& csv, const SweepOptions& options) {
    Q_ASSERT(!m_running);
    m_running = true;
    m_shown = {};
    m_stop = {};
    m_worker.request(
        [this, stop = m_stop.get_token(), sweep, csv, options](Worker::Context& context) { work(context, stop, sweep, csv, options); },
        [this](const Message& why) { end(shown(why)); });
}

void SweepThread::end(const QString& error) {
    m_running = false;
    emit ended(error);
}

void SweepThread::work(Worker::Context& context, const std::stop_token& stop, const Sweep& sweep, const std::filesystem::path& csv,
                       const SweepOptions& options) {
    SweepResults results(sweep, csv);
    const std::vector<int> open = openRuns(results);
    RemainingWork remaining(results.sweep(), open, static_cast<int>(results.finishedCount()));
    const Clock::time_point begun = Clock::now();
    const auto tell = [&](bool now) {
        const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
        context.progress(
            [this, news = SweepProgressNews{remaining.doneCount(), remaining.totalCount(), remaining.share(), remaining.inHand(),
                                            remaining.secondsLeft(seconds)}] {
                m_shown = news;
                emit progressed();
            },
            now);
    };
    context.tell([this] { emit opened(); });
    tell(true);
    // The observer's calls come one at a time.
    runSweep(results, open, options.jobs, options.threads, stop,
             {[&](int run) {
                  remaining.begun(run);
                  tell(true);
              },
              [&](int run, const StepRecord& record) {
                  remaining.stepped(run, record);
                  tell(false);
              },
              [&](int run, const RunResult&) {
                  remaining.ended(run);
                  tell(true);
                  context.tell([this] { emit rowAdded(); });
              }});
    context.tell([this] { end({}); });
}

void SweepThread::requestStop() {
    m_stop.request_stop();
}

void SweepThread::stop() {
    requestStop();
    m_worker.cancel();
    m_worker.wait();
    m_running = false;
}

}  // namespace lab
