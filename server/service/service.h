#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "server/service/data_shelf.h"
#include "server/service/pictures.h"
#include "server/service/run_book.h"
#include "server/service/sweep_shelf.h"

namespace lab::server {

struct ServiceOptions {
    std::filesystem::path folder;  ///< all that is kept: runs, data, sweeps
    std::size_t mostRuns = 64;
    int jobs = 4;  ///< runs that train at the same time
    std::size_t mostSweeps = 64;
    LeaseTerms leases = {};
    Pictures* pictures = nullptr;  ///< lives longer than the service; null: nobody paints
    std::function<void(const std::string&)> complain = [](const std::string&) {};
};

/// All that is served, whatever asks for it. Any thread.
class Service {
public:
    /// With the runs that are in the folder.
    explicit Service(const ServiceOptions& options)
        : Service(options, std::make_unique<RunBook>(options.folder, options.mostRuns, options.jobs, options.complain)) {}
    /// With runs that somebody else owns; the folder holds what clients upload.
    Service(const ServiceOptions& options, Runs& others)
        : pictures(options.pictures),
          data(options.folder / "data"),
          runs(others),
          sweeps(options.folder / "sweeps", options.mostSweeps, options.leases, options.complain),
          m_spool(spoolFolder(options.folder)) {}

    /// A new name for what is on its way to a client, or from one.
    std::filesystem::path spoolFile(const char* ending) { return m_spool / ("answer-" + std::to_string(m_spooled++) + ending); }
    const std::filesystem::path& spool() const { return m_spool; }

    /// From now on: what takes long is given up.
    void end() { m_ends = true; }
    bool ends() const { return m_ends; }

    Pictures* const pictures;
    DataShelf data;
    Runs& runs;
    SweepShelf sweeps;
    const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

private:
    Service(const ServiceOptions& options, std::unique_ptr<Runs> own) : Service(options, *own) { m_own = std::move(own); }

    /// Empty at the start: what is in it belongs to requests that ended with their server.
    static std::filesystem::path spoolFolder(const std::filesystem::path& folder) {
        const std::filesystem::path spool = folder / "spool";
        std::filesystem::remove_all(spool);
        std::filesystem::create_directories(spool);
        return spool;
    }

    std::unique_ptr<Runs> m_own;
    std::filesystem::path m_spool;
    std::atomic<std::uint64_t> m_spooled = 0;
    std::atomic<bool> m_ends = false;
};

}  // namespace lab::server
