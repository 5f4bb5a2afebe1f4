#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/sweep/sweep_results.h"
#include "server/client/connection.h"

namespace lab::server {

/// The sweeps of a server. Each call asks it once, as a connection asks: throws Stopped, or InputError with what the server says. Any
/// thread.
class SweepClient {
public:
    explicit SweepClient(const Connection& server) : m_server(server) {}

    /// The sweep of this grid there; made when there is none. The same grid is the same sweep.
    std::string make(const Sweep& sweep, const std::stop_token& stop) const;
    /// Those with rows that are not finished, in the order in which they were made.
    std::vector<std::string> unfinished(const std::stop_token& stop) const;
    /// What its rows are trained by; its files, data sets of the server, are fetched into a folder. Throws InputError for a grid that would
    /// have this machine open another file.
    Sweep grid(const std::string& id, const std::filesystem::path& dataFolder, const std::stop_token& stop) const;
    /// The rows that are finished.
    std::map<int, RunResult> results(const std::string& id, const Sweep& sweep, const std::stop_token& stop) const;

    struct Counts {
        int rows = 0, finished = 0, claimed = 0, waiting = 0;
    };
    struct Claim {
        std::string lease;
        std::optional<int> row;        ///< nothing: none waits
        std::chrono::seconds seconds;  ///< for so long it is lent
        Counts counts;
    };
    Claim claim(const std::string& id, const std::string& worker, const std::set<int>& except, const std::stop_token& stop) const;
    /// False when the lease is no more.
    bool renew(const std::string& id, const std::string& lease, const std::stop_token& stop) const;
    void release(const std::string& id, const std::string& lease, const std::stop_token& stop) const;

    struct Delivered {
        Counts counts;
        std::string dissent;  ///< another result is there; empty: this one is
    };
    /// A row's result with the files of its run; what is too large for the server stays here.
    Delivered deliver(const std::string& id, int row, const RunResult& result, const RunsFolder& files, const std::stop_token& stop) const;

    const std::string& url() const { return m_server.url(); }

private:
    const Connection& m_server;
};

}  // namespace lab::server
