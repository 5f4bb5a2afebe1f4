#include "core/sweep/sweep_results.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/file_start.h"
#include "core/base/files.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

std::string numbered(const char* format, int run) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), format, run);
    return text.data();
}

constexpr std::size_t mostOfHeader = 1 << 16;  ///< bytes

bool isResults(const fs::path& file) {
    try {
        (void)readResults(file);
        return true;
    } catch (const InputError&) {
        return false;
    }
}

void makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw InputError(utf8Text(folder), located(LAB_TEXT("files", "cannot be made"), Message::verbatim(error.message())));
}

/// R.csv and R.txt have one folder, R.runs.
void requireFolderOfItsOwn(const fs::path& csv) {
    std::error_code error;
    const fs::path parent = csv.has_parent_path() ? csv.parent_path() : fs::path(".");
    if (!fs::exists(RunsFolder(csv).sweepFile(), error)) return;
    for (auto entry = fs::directory_iterator(parent, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const fs::path other = entry->path();
        if (other.stem() != csv.stem() || other.filename() == csv.filename() || !entry->is_regular_file(error) || !isResults(other))
            continue;
        throw InputError(utf8Text(csv), Message(LAB_TEXT("sweep", "its folder %1 would be that of %2, too; choose another name"))
                                            .arg(utf8Text(RunsFolder(csv).path()))
                                            .arg(utf8Text(other)));
    }
}

}  // namespace

RunsFolder::RunsFolder(const fs::path& csv) : m_path(csv) {
    m_path.replace_extension(".runs");
}

fs::path RunsFolder::metrics(int run) const {
    return m_path / numbered("run-%04d.metrics.csv", run);
}

fs::path RunsFolder::checkpoint(int run) const {
    return m_path / numbered("run-%04d.safetensors", run);
}

SweepResults::SweepResults(Sweep sweep, fs::path csv) : m_csv(std::move(csv)), m_folder(m_csv) {
    const bool exists = fs::exists(m_csv);
    requireResultsName(m_csv);
    requireFolderOfItsOwn(m_csv);
    m_sweep = relocated(std::move(sweep), m_folder.path());
    openFolder();
    if (exists) readRows();
    write();
}

void SweepResults::openFolder() {
    makeFolder(m_folder.path());
    m_lock.emplace(m_folder.path() / "lock");
    if (!m_lock->isHeld()) throw InputError(utf8Text(m_csv), LAB_TEXT("sweep", "another sweep is writing it"));
    if (fs::exists(m_folder.sweepFile())) {
        requireGridOf(m_csv, m_sweep);
    } else {
        replaceFile(m_folder.sweepFile(), {writeSweep(m_sweep)});
    }
}

void SweepResults::readRows() {
    m_results = resultsByRun(m_sweep, readResults(m_csv), utf8Text(m_csv));
}

std::size_t SweepResults::finishedCount() const {
    const std::lock_guard lock(m_mutex);
    return m_results.size();
}

bool SweepResults::isFinished(int run) const {
    const std::lock_guard lock(m_mutex);
    return m_results.contains(run);
}

std::optional<RunResult> SweepResults::resultOf(int run) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_results.find(run);
    return found == m_results.end() ? std::nullopt : std::optional(found->second);
}

void SweepResults::add(int run, const RunResult& result) {
    const std::lock_guard lock(m_mutex);
    m_results[run] = result;
    write();
}

void SweepResults::write() const {
    ResultsTable table;
    for (const GridKey& key : m_sweep.grid) table.keys.push_back(key.path);
    for (const auto& [run, result] : m_results) table.rows.push_back({cellsOf(m_sweep, run), result});
    replaceFile(m_csv, {writeResults(table)});
}

bool isResultsFile(const fs::path& csv) {
    if (fs::exists(RunsFolder(csv).sweepFile())) return true;
    std::vector<std::string> names;
    try {
        readCsv(fileStart(csv, mostOfHeader), utf8Text(csv), {}, [&](CsvRecord first) {
            names = std::move(first.cells);
            return false;
        });
    } catch (const InputError&) {
        return false;
    }
    return std::ranges::all_of(resultColumns(), [&](const std::string& column) { return std::ranges::find(names, column) != names.end(); });
}

void requireResultsName(const fs::path& csv) {
    if (csv.extension() == ".runs") throw InputError(utf8Text(csv), LAB_TEXT("sweep", "that is the folder's name; results end in .csv"));
    const fs::path grid = RunsFolder(csv).sweepFile();
    if (fs::exists(csv) && !fs::exists(grid))
        throw InputError(utf8Text(csv),
                         Message(LAB_TEXT("sweep", "exists, but %1, which says of what grid it is, does not")).arg(utf8Text(grid)));
}

void requireGridOf(const fs::path& csv, const Sweep& sweep) {
    const Message difference = differenceOf(sweepOf(csv), sweep);
    if (!difference.empty()) throw InputError(utf8Text(csv), located(LAB_TEXT("sweep", "has the results of another grid"), difference));
}

Sweep sweepOf(const fs::path& csv) {
    const fs::path file = RunsFolder(csv).sweepFile();
    if (!fs::exists(file))
        throw InputError(utf8Text(file), Message(LAB_TEXT("sweep", "is missing; it says of what grid %1 is")).arg(utf8Text(csv)));
    return sweepNamed(utf8Text(file));
}

std::map<int, RunResult> resultsByRun(const Sweep& sweep, const ResultsTable& table, const std::string& file) {
    std::vector<std::string> keys;
    for (const GridKey& key : sweep.grid) keys.push_back(key.path);
    if (table.keys != keys) throw InputError(file, LAB_TEXT("sweep", "line 1: the columns are not the grid's keys"));
    std::map<std::vector<std::string>, int> runs;
    for (int run = 0; run < sweep.runCount(); ++run) runs[cellsOf(sweep, run)] = run;
    std::map<int, RunResult> results;
    for (const ResultsRow& row : table.rows) {
        const auto found = runs.find(row.cells);
        if (found == runs.end())
            throw InputError(file, Message(LAB_TEXT("sweep", "the row %1 is none of the grid's")).arg(listed(row.cells)));
        results[found->second] = row.result;
    }
    return results;
}

}  // namespace lab
