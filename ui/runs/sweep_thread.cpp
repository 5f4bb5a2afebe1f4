#include "ui/runs/sweep_thread.h"

#include "core/base/platform.h"
#include "core/sweep/run_sweep.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr std::chrono::milliseconds betweenNews{33};

std::vector<int> openRuns(const SweepResults& results) {
    std::vector<int> open;
    for (const int run : runsOfShard(results.sweep(), 1, 1))
        if (!results.isFinished(run)) open.push_back(run);
    return open;
}

}  // namespace

SweepThread::SweepThread(QObject* parent) : QObject(parent) {}

SweepThread::~SweepThread() {
    join();
}

void SweepThread::start(const Sweep& sweep, const std::filesystem::path& csv, const SweepOptions& options) {
    Q_ASSERT(!m_running);
    join();
    m_running = true;
    m_news = m_shown = {};
    m_onTheWay = false;
    ++m_number;
    m_thread = std::jthread([this, sweep, csv, options, number = m_number](const std::stop_token& stop) {
        giveWayToOtherThreads();  // those that it starts inherit that
        QString error;
        try {
            work(stop, sweep, csv, options);
        } catch (const std::bad_alloc&) {
            error = tr("There is not enough memory for it.");
        } catch (const std::exception& problem) {
            error = shown(messageOf(problem));
        }
        m_post.post([this, error, number] {
            if (number != m_number) return;
            m_running = false;
            emit ended(error);
        });
    });
}

void SweepThread::work(const std::stop_token& stop, const Sweep& sweep, const std::filesystem::path& csv, const SweepOptions& options) {
    SweepResults results(sweep, csv);
    const std::vector<int> open = openRuns(results);
    RemainingWork remaining(results.sweep(), open, static_cast<int>(results.finishedCount()));
    m_begun = m_told = Clock::now();
    m_post.post([this] { emit opened(); });
    tell(remaining, true);
    runSweep(results, open, options.jobs, options.threads, stop,
             {[&](int run) {
                  remaining.begun(run);
                  tell(remaining, true);
              },
              [&](int run, const StepRecord& record) {
                  remaining.stepped(run, record);
                  tell(remaining, false);
              },
              [&](int run, const RunResult&) {
                  remaining.ended(run);
                  tell(remaining, true);
                  m_post.post([this] { emit rowAdded(); });
              }});
}

/// The observer's calls come one at a time, so the clocks need no lock.
void SweepThread::tell(const RemainingWork& work, bool now) {
    const Clock::time_point time = Clock::now();
    if (!now && time - m_told < betweenNews) return;
    m_told = time;
    SweepProgressNews news{work.doneCount(), work.totalCount(), work.share(), work.inHand(),
                           work.secondsLeft(std::chrono::duration<double>(time - m_begun).count())};
    {
        const std::lock_guard lock(m_mutex);
        m_news = std::move(news);
        if (m_onTheWay) return;
        m_onTheWay = true;
    }
    m_post.post([this] {
        {
            const std::lock_guard lock(m_mutex);
            m_shown = m_news;
            m_onTheWay = false;
        }
        emit progressed();
    });
}

void SweepThread::requestStop() {
    m_thread.request_stop();
}

void SweepThread::stop() {
    join();
    m_running = false;
    ++m_number;
}

void SweepThread::join() {
    if (!m_thread.joinable()) return;
    m_thread.request_stop();
    m_thread.join();
}

}  // namespace lab
