#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/platform_files.h"
#include "core/sweep/results_table.h"
#include "core/sweep/sweep.h"

namespace lab {

/// Where a sweep's runs leave their files: beside R.csv the folder R.runs.
class RunsFolder {
public:
    explicit RunsFolder(const std::filesystem::path& csv);

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path sweepFile() const { return m_path / "sweep.json"; }
    /// Of one run, numbered in the grid's order from 0.
    std::filesystem::path metrics(int run) const;
    std::filesystem::path checkpoint(int run) const;

private:
    std::filesystem::path m_path;
};

/// A results file on the disk and the runs that are in it. At every moment the file is whole: each run that ends replaces it by one with a
/// row more, in the grid's order.
class SweepResults {
public:
    /// Begins the file, or goes on with one of the same grid. Throws InputError when it is of another grid, is being written by another
    /// process or cannot be written.
    SweepResults(Sweep sweep, std::filesystem::path csv);

    const Sweep& sweep() const { return m_sweep; }
    const RunsFolder& folder() const { return m_folder; }
    const std::filesystem::path& file() const { return m_csv; }
    std::size_t finishedCount() const;
    bool isFinished(int run) const;
    /// Nothing of a run that is not in the file.
    std::optional<RunResult> resultOf(int run) const;
    /// Any thread may tell a run's end.
    void add(int run, const RunResult& result);

private:
    void openFolder();
    void readRows();
    void write() const;

    std::filesystem::path m_csv;
    RunsFolder m_folder;
    Sweep m_sweep;
    std::optional<FileLock> m_lock;
    mutable std::mutex m_mutex;
    std::map<int, RunResult> m_results;
};

/// The sweep that a results file is of. Throws InputError when its folder does not say, or not soundly.
Sweep sweepOf(const std::filesystem::path& csv);
/// By the columns of the table, or the folder beside it: other programs write CSV too.
bool isResultsFile(const std::filesystem::path& csv);
/// Throws InputError when a sweep's results cannot be called so: the folder's name, or a file that exists without its grid.
void requireResultsName(const std::filesystem::path& csv);
/// Throws InputError when the results are those of another grid.
void requireGridOf(const std::filesystem::path& csv, const Sweep& sweep);

/// The table's rows by the number of their run. Throws InputError naming the file for rows that are none of the sweep's.
std::map<int, RunResult> resultsByRun(const Sweep& sweep, const ResultsTable& table, const std::string& file);

}  // namespace lab
