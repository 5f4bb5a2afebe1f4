#include "server/client/sweep_worker.h"

#include <algorithm>

#include "core/base/errors.h"

namespace lab::server {
namespace {

/// Where rows are all in others' hands, one of them may come back.
constexpr std::chrono::milliseconds longestWait{1'000};
/// So many signs of life for a lease: two may be lost.
constexpr int beats = 3;

}  // namespace

bool SweepWorker::work(int jobs, int threads, const std::stop_token& stop, const WorkerObserver& observer) {
    bool whole = false;
    try {
        bringEarlier(stop, observer);
        const std::jthread heart([this](const std::stop_token& end) { beat(end); });
        const RunSource source{[&](const std::stop_token& end) { return next(end, observer); },
                               [&](int row, const RunResult& result) {
                                   m_results.add(row, result);
                                   deliver(row, result, stop, observer);
                                   putDown(row);
                               },
                               [&](int row) { refuse(row, stop); }};
        runSweep(m_results.sweep(), m_results.folder(), source, jobs, threads, stop, observer);
        whole = !stop.stop_requested();
        if (whole) takeOthers(stop);
    } catch (const Stopped&) {
        whole = false;
    } catch (...) {
        giveBack();
        throw;
    }
    giveBack();
    return whole;
}

void SweepWorker::bringEarlier(const std::stop_token& stop, const WorkerObserver& observer) const {
    const std::map<int, RunResult> there = m_server.results(m_sweep, m_results.sweep(), stop);
    for (int row = 0; row < m_results.sweep().runCount(); ++row)
        if (const auto here = m_results.resultOf(row); here && !there.contains(row)) deliver(row, *here, stop, observer);
}

void SweepWorker::takeOthers(const std::stop_token& stop) const {
    for (const auto& [row, result] : m_server.results(m_sweep, m_results.sweep(), stop))
        if (!m_results.isFinished(row)) m_results.add(row, result);
}

/// Waits while all that is left is in others' hands.
std::optional<int> SweepWorker::next(const std::stop_token& stop, const WorkerObserver& observer) {
    while (true) {
        std::set<int> except;
        {
            const std::lock_guard lock(m_mutex);
            except = m_refused;
            for (const auto& [row, lease] : m_inHand) except.insert(row);
        }
        const SweepClient::Claim claim = m_server.claim(m_sweep, m_worker, except, stop);
        if (observer.counted) observer.counted(claim.counts);
        std::unique_lock lock(m_mutex);
        m_length = claim.seconds;
        if (claim.row) {
            m_inHand[*claim.row] = claim.lease;
            m_waking.notify_all();
            return claim.row;
        }
        const auto lost = std::ranges::count_if(m_inHand, [](const auto& each) { return each.second.empty(); });
        const bool more = claim.counts.claimed > 0 || claim.counts.waiting > lost + std::ssize(m_refused);
        if (!more) return std::nullopt;
        m_waking.wait_for(lock, stop, std::min(longestWait, m_length / beats), [&stop] { return stop.stop_requested(); });
        if (stop.stop_requested()) return std::nullopt;
    }
}

void SweepWorker::deliver(int row, const RunResult& result, const std::stop_token& stop, const WorkerObserver& observer) const {
    const SweepClient::Delivered delivered = m_server.deliver(m_sweep, row, result, m_results.folder(), stop);
    if (!delivered.dissent.empty()) {
        if (observer.dissent) observer.dissent(delivered.dissent);
    } else if (observer.counted) {
        observer.counted(delivered.counts);
    }
}

/// Another machine may have what is missing here.
void SweepWorker::refuse(int row, const std::stop_token& stop) {
    {
        const std::lock_guard lock(m_mutex);
        m_refused.insert(row);
    }
    if (const std::string lease = inHand().at(row); !lease.empty()) m_server.release(m_sweep, lease, stop);
    putDown(row);
}

std::map<int, std::string> SweepWorker::inHand() const {
    const std::lock_guard lock(m_mutex);
    return m_inHand;
}

void SweepWorker::lose(int row) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_inHand.find(row); found != m_inHand.end()) found->second.clear();
}

void SweepWorker::putDown(int row) {
    const std::lock_guard lock(m_mutex);
    m_inHand.erase(row);
}

/// A lease that is no more is no reason to stop: what its row comes to is as good as another's.
void SweepWorker::beat(const std::stop_token& stop) {
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            const auto length = m_length;  // the first claim may say another
            m_waking.wait_for(lock, stop, length / beats, [&] { return m_length != length; });
            if (m_length != length) continue;
        }
        if (stop.stop_requested()) return;
        try {
            for (const auto& [row, lease] : inHand())
                if (!lease.empty() && !m_server.renew(m_sweep, lease, stop)) lose(row);
        } catch (const Stopped&) {
            return;
        } catch (const InputError&) {  // who next asks for a row, or brings one, says so
        }
    }
}

/// As far as one try each gets: leases end by themselves.
void SweepWorker::giveBack() {
    std::stop_source ended;
    ended.request_stop();
    try {
        for (const auto& [row, lease] : inHand())
            if (!lease.empty()) m_server.release(m_sweep, lease, ended.get_token());
    } catch (const Stopped&) {
    } catch (const InputError&) {
    }
    const std::lock_guard lock(m_mutex);
    m_inHand.clear();
}

}  // namespace lab::server
