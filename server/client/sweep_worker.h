#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/sweep/run_sweep.h"
#include "server/client/sweep_client.h"

namespace lab::server {

/// What a worker tells besides; called on any thread.
struct WorkerObserver : SweepObserver {
    std::function<void(const SweepClient::Counts&)> counted = {};   ///< how the whole sweep stands
    std::function<void(const std::string& sentence)> dissent = {};  ///< a row came to another result elsewhere, which stands
};

/// Trains rows of a sweep that a server keeps: takes one for each of its threads, says that it is there, brings what they come to.
class SweepWorker {
public:
    /// `results` are a file of the worker's own, of the same grid: it gets the rows that are trained here. `worker` is a name for people.
    SweepWorker(const SweepClient& server, std::string sweep, std::string worker, SweepResults& results)
        : m_server(server), m_sweep(std::move(sweep)), m_worker(std::move(worker)), m_results(results) {}

    /// First brings the rows that the results have and the server has not, then works until all rows are finished, by whomever, then takes
    /// those of others into the results. False when it was stopped; what it had in hand then waits at the server again. Throws as runSweep
    /// and Connection do.
    bool work(int jobs, int threads, const std::stop_token& stop, const WorkerObserver& observer);

private:
    void bringEarlier(const std::stop_token& stop, const WorkerObserver& observer) const;
    void takeOthers(const std::stop_token& stop) const;
    std::optional<int> next(const std::stop_token& stop, const WorkerObserver& observer);
    void deliver(int row, const RunResult& result, const std::stop_token& stop, const WorkerObserver& observer) const;
    void refuse(int row, const std::stop_token& stop);
    void beat(const std::stop_token& stop);
    void giveBack();
    std::map<int, std::string> inHand() const;
    void lose(int row);
    void putDown(int row);

    const SweepClient& m_server;
    std::string m_sweep, m_worker;
    SweepResults& m_results;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_waking;
    std::chrono::milliseconds m_length{std::chrono::seconds(60)};  ///< of a lease
    std::map<int, std::string> m_inHand;                           ///< rows and their leases; empty: it was lost
    std::set<int> m_refused;                                       ///< rows that cannot be trained here
};

}  // namespace lab::server
