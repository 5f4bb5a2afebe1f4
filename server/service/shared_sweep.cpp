#include "server/service/shared_sweep.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/io/checkpoint.h"
#include "core/training/metrics_csv.h"

namespace lab::server {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* resultsName = "results.csv";
constexpr const char* askedFile = "asked.json";
constexpr const char* leasesName = "leases.json";

Json savedJson(const fs::path& file) {
    try {
        return Json::parse(readFile(file));
    } catch (const Json::exception& error) {
        throw InputError(utf8Text(file), Message::verbatim(error.what()));
    }
}

}  // namespace

SharedSweep::SharedSweep(fs::path folder, Sweep sweep, MakingRequest request, LeaseTerms terms)
    : m_folder(std::move(folder)), m_terms(std::move(terms)), m_request(std::move(request)), m_created(presentTime()) {
    fs::create_directories(m_folder);
    m_results.emplace(std::move(sweep), m_folder / resultsName);
    const Json asked{{"idempotency_key", m_request.key}, {"body_sha256", m_request.bodyHash}, {"created", m_created}};
    replaceFile(m_folder / askedFile, {asked.dump(1)});
}

SharedSweep::SharedSweep(fs::path folder, LeaseTerms terms) : m_folder(std::move(folder)), m_terms(std::move(terms)) {
    const Json asked = savedJson(m_folder / askedFile);
    try {
        m_request = {asked.at("idempotency_key").get<std::string>(), asked.at("body_sha256").get<std::string>()};
        m_created = asked.at("created").get<std::int64_t>();
    } catch (const Json::exception& error) {
        throw InputError(utf8Text(m_folder / askedFile), Message::verbatim(error.what()));
    }
    m_results.emplace(sweepOf(m_folder / resultsName), m_folder / resultsName);
    for (int row = 0; row < sweep().runCount(); ++row)
        if (m_results->isFinished(row)) m_finished.insert(row);
    readLeases();
}

void SharedSweep::requireHere() const {
    if (m_removed) throw Refusal(404, LAB_TEXT("server", "the sweep was deleted meanwhile"));
}

void SharedSweep::requireRow(int row) const {
    if (row < 0 || row >= sweep().runCount())
        throw Refusal(404, Message(LAB_TEXT("server", "there is no row %1; they go from 0 to %2")).arg(row).arg(sweep().runCount() - 1));
}

std::vector<int> SharedSweep::waitingRows(std::size_t count, const std::set<int>& except) const {
    std::set<int> taken = except;
    taken.insert(m_finished.begin(), m_finished.end());
    for (const auto& [id, lease] : m_leases)
        if (isLive(lease)) taken.insert(lease.rows.begin(), lease.rows.end());
    std::vector<int> rows;
    for (int row = 0; row < sweep().runCount() && rows.size() < count; ++row)
        if (!taken.contains(row)) rows.push_back(row);
    return rows;
}

void SharedSweep::takeFromLeases(const std::vector<int>& rows) {
    for (auto& [id, lease] : m_leases)
        for (const int row : rows) lease.rows.erase(row);
    std::erase_if(m_leases, [](const auto& each) { return each.second.rows.empty(); });
}

SharedSweep::Claim SharedSweep::claim(const std::string& worker, std::size_t count, const std::set<int>& except) {
    const std::lock_guard writing(m_writing);
    requireHere();
    Claim claim;
    {
        const std::lock_guard lock(m_mutex);
        claim.rows = waitingRows(count, except);
        if (claim.rows.empty()) return claim;
        claim.lease = newId('l');
        takeFromLeases(claim.rows);
        m_leases[claim.lease] = {worker, {claim.rows.begin(), claim.rows.end()}, m_terms.now() + m_terms.length};
    }
    try {
        writeLeases();
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        m_leases.erase(claim.lease);
        throw;
    }
    return claim;
}

/// One whose time is over lasts on until somebody else wants its rows.
void SharedSweep::renew(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    const auto lease = m_leases.find(id);
    if (lease == m_leases.end())
        throw Refusal(404, Message(LAB_TEXT("server", "there is no lease %1: its rows have come back or were handed on")).arg(id));
    lease->second.until = m_terms.now() + m_terms.length;
}

void SharedSweep::release(const std::string& lease) {
    const std::lock_guard writing(m_writing);
    requireHere();
    {
        const std::lock_guard lock(m_mutex);
        if (m_leases.erase(lease) == 0) return;
    }
    writeLeases();
}

bool SharedSweep::deliver(int row, const RunResult& result, const std::string& metrics) {
    const std::lock_guard writing(m_writing);
    requireHere();
    requireRow(row);
    if (const auto known = m_results->resultOf(row)) {
        if (sameButForTime(result, *known)) return false;
        throw Refusal(
            409, Message(LAB_TEXT("server", "row %1 came to another result before; were they computed with different instruction sets?"))
                     .arg(row));
    }
    if (!metrics.empty()) {
        parseMetrics(metrics, "metrics");
        replaceFile(m_results->folder().metrics(row), {metrics});
    }
    m_results->add(row, result);
    const std::lock_guard lock(m_mutex);
    m_finished.insert(row);
    takeFromLeases({row});
    return true;
}

void SharedSweep::keepState(int row, const fs::path& state) {
    if (!readCheckpoint(state).isState())
        throw InputError("state", LAB_TEXT("server", "the file is a checkpoint of weights, not of a training"));
    const std::lock_guard writing(m_writing);
    requireHere();
    requireRow(row);
    const fs::path file = m_results->folder().checkpoint(row);
    if (!fs::exists(file)) replaceFile(file, {readFile(state)});
}

fs::path SharedSweep::fileOf(int row, RowFile which) {
    const std::lock_guard writing(m_writing);
    requireHere();
    requireRow(row);
    const fs::path file = which == RowFile::metrics ? m_results->folder().metrics(row) : m_results->folder().checkpoint(row);
    if (!fs::exists(file)) throw Refusal(404, Message(LAB_TEXT("server", "nobody has brought that of row %1")).arg(row));
    return file;
}

SharedSweep::Standing SharedSweep::standing() const {
    const std::lock_guard lock(m_mutex);
    Standing standing{sweep().runCount(), static_cast<int>(m_finished.size())};
    for (const auto& [id, lease] : m_leases) {
        if (!isLive(lease)) continue;
        standing.claimed += static_cast<int>(lease.rows.size());
        const auto left = std::chrono::duration_cast<std::chrono::seconds>(lease.until - m_terms.now());
        auto worker = std::ranges::find(standing.workers, lease.worker, &Worker::name);
        if (worker == standing.workers.end()) worker = standing.workers.insert(worker, {lease.worker, {}, left});
        worker->rows.insert(worker->rows.end(), lease.rows.begin(), lease.rows.end());
        worker->left = std::min(worker->left, left);
    }
    for (Worker& worker : standing.workers) std::ranges::sort(worker.rows);
    return standing;
}

std::string SharedSweep::results() {
    const std::lock_guard writing(m_writing);
    requireHere();
    return readFile(m_results->file());
}

void SharedSweep::remove() {
    const std::lock_guard writing(m_writing);
    requireHere();
    const fs::path away = m_folder.parent_path() / ("." + utf8Text(m_folder.filename()));
    fs::rename(m_folder, away);
    m_removed = true;
    std::error_code ignored;  // what is left of it goes at the next start
    fs::remove_all(away, ignored);
}

/// m_writing is held, m_mutex is not.
void SharedSweep::writeLeases() const {
    Json all = Json::array();
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [id, lease] : m_leases) all.push_back({{"lease", id}, {"worker", lease.worker}, {"rows", lease.rows}});
    }
    replaceFile(m_folder / leasesName, {all.dump(1, ' ', false, Json::error_handler_t::replace)});
}

void SharedSweep::readLeases() {
    std::error_code ignored;
    if (!fs::exists(m_folder / leasesName, ignored)) return;
    const Json all = savedJson(m_folder / leasesName);
    try {
        for (const Json& each : all) {
            Lease lease{each.at("worker").get<std::string>(), each.at("rows").get<std::set<int>>(), m_terms.now() + m_terms.length};
            std::erase_if(lease.rows, [this](int row) { return m_finished.contains(row); });
            if (!lease.rows.empty()) m_leases[each.at("lease").get<std::string>()] = std::move(lease);
        }
    } catch (const Json::exception& error) {
        throw InputError(utf8Text(m_folder / leasesName), Message::verbatim(error.what()));
    }
}

}  // namespace lab::server
