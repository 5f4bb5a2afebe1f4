#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/sweep/sweep_results.h"
#include "server/service/making.h"

namespace lab::server {

/// For how long rows are lent, and by which clock.
struct LeaseTerms {
    using Clock = std::chrono::steady_clock;
    std::chrono::seconds length{60};  ///< without a sign of life
    std::function<Clock::time_point()> now = Clock::now;
};

/// A grid whose runs others train: its rows are lent, and come back as results. The folder of its own has results.csv and results.runs as
/// every sweep has them, and who has which rows. What was promised is there, and flushed, before the promise is made. Any thread.
class SharedSweep {
public:
    /// Begins one in a folder. Throws InputError when it cannot be written.
    SharedSweep(std::filesystem::path folder, Sweep sweep, MakingRequest request, LeaseTerms terms);
    /// One that was begun before; its leases last as if they had just been given. Throws InputError when the folder is not sound.
    SharedSweep(std::filesystem::path folder, LeaseTerms terms);

    struct Claim {
        std::string lease;  ///< empty: no row waits
        std::vector<int> rows;
    };
    /// Lends at most `count` rows that wait, the first of the grid first, but none of `except`.
    Claim claim(const std::string& worker, std::size_t count, const std::set<int>& except = {});
    /// The lease lasts anew. Throws Refusal 404 when its rows have come back or were lent to another.
    void renew(const std::string& lease);
    /// Its rows wait again; nothing when it is no more.
    void release(const std::string& lease);

    /// Takes what a row came to, from whoever has it; `metrics` may be empty. False when it was known. Throws Refusal: 404 for no row of
    /// the grid, 409 for another result than the one that is here.
    bool deliver(int row, const RunResult& result, const std::string& metrics);
    /// Takes the training state behind a row's last step; the first one stays. Throws InputError for a file that is none.
    void keepState(int row, const std::filesystem::path& state);
    enum class RowFile { metrics, state };
    /// One of those. Throws Refusal 404 for what nobody has brought.
    std::filesystem::path fileOf(int row, RowFile which);

    struct Worker {
        std::string name;
        std::vector<int> rows;
        std::chrono::seconds left;  ///< until the first of them is handed on
    };
    struct Standing {
        int rows = 0, finished = 0, claimed = 0;
        std::vector<Worker> workers = {};

        int waiting() const { return rows - finished - claimed; }
    };
    Standing standing() const;
    /// As the results file has them.
    std::string results();

    const Sweep& sweep() const { return m_results->sweep(); }
    const MakingRequest& request() const { return m_request; }
    std::int64_t created() const { return m_created; }

    /// Deletes the folder; who still has the sweep in hand hears that it is no more.
    void remove();

private:
    struct Lease {
        std::string worker;
        std::set<int> rows;
        LeaseTerms::Clock::time_point until;
    };
    void requireHere() const;
    void requireRow(int row) const;
    bool isLive(const Lease& lease) const { return lease.until > m_terms.now(); }
    std::vector<int> waitingRows(std::size_t count, const std::set<int>& except) const;
    void takeFromLeases(const std::vector<int>& rows);
    void writeLeases() const;
    void readLeases();

    std::filesystem::path m_folder;
    LeaseTerms m_terms;
    MakingRequest m_request;
    std::int64_t m_created = 0;
    std::optional<SweepResults> m_results;
    bool m_removed = false;

    std::mutex m_writing;        ///< one change of the folder after the other; taken before m_mutex
    mutable std::mutex m_mutex;  ///< of what is below; never held while the disk is waited for
    std::set<int> m_finished;
    std::map<std::string, Lease> m_leases;
};

}  // namespace lab::server
