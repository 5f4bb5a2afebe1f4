#include "server/client/sweep_client.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/data_files.h"
#include "core/text/sha256.h"
#include "server/service/data_shelf.h"
#include "server/service/sweep_json.h"

namespace lab::server {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* allSweeps = "/api/v1/sweeps";

std::string pathOf(const std::string& id, const std::string& behind) {
    return allSweeps + ("/" + id) + behind;
}

/// What a server of ours says; throws InputError when it says something else.
template <class Read>
auto readFrom(const std::string& url, const std::string& body, Read read) {
    try {
        return read(Json::parse(body));
    } catch (const Json::exception&) {
        throw InputError(url, LAB_TEXT("server", "answered as no server of sweeps does"));
    }
}

SweepClient::Counts countsOf(const Json& json) {
    return {json.at("rows").get<int>(), json.at("finished").get<int>(), json.at("claimed").get<int>(), json.at("waiting").get<int>()};
}

std::string textOf(const fs::path& file) {
    std::error_code ignored;
    return fs::exists(file, ignored) ? readFile(file) : std::string();
}

std::string bodyOf(int row, const RunResult& result, const fs::path& metrics) {
    Json json{{"row", row}};
    json.update(resultJson(result));
    const std::string bare = json.dump(), text = textOf(metrics);
    if (text.empty()) return bare;
    json["metrics"] = text;
    std::string whole = json.dump();
    return whole.size() <= mostResultBytes ? whole : bare;
}

}  // namespace

std::string SweepClient::make(const Sweep& sweep, const std::stop_token& stop) const {
    const std::string grid = writeSweep(sweep);
    const std::string body =
        m_server.get({.method = "POST", .path = allSweeps, .body = grid, .headers = {"Idempotency-Key: " + sha256Hex(grid)}}, stop);
    return readFrom(url(), body, [](const Json& json) { return json.at("id").get<std::string>(); });
}

std::vector<std::string> SweepClient::unfinished(const std::stop_token& stop) const {
    const std::string body = m_server.get({.path = allSweeps}, stop);
    return readFrom(url(), body, [](const Json& json) {
        std::vector<std::string> ids;
        for (const Json& each : json.at("sweeps"))
            if (const Counts counts = countsOf(each); counts.finished < counts.rows) ids.push_back(each.at("id").get<std::string>());
        return ids;
    });
}

Sweep SweepClient::grid(const std::string& id, const fs::path& dataFolder, const std::stop_token& stop) const {
    const std::string body = m_server.get({.path = pathOf(id, "/grid")}, stop);
    const bool whole = readFrom(url(), body, [](const Json& json) { return json.at("base").is_object(); });
    if (!whole) throw InputError(url(), LAB_TEXT("server", "the base of its grid is no experiment"));
    Sweep sweep = parseSweep(body, dataFolder);
    std::set<std::string> names;
    for (int row = 0; row < sweep.runCount(); ++row)
        for (const DataFile& file : dataFilesOf(experimentOf(sweep, row))) names.insert(file.path);
    for (const std::string& name : names) {
        if (!isDataName(name))
            throw InputError(url(), Message(LAB_TEXT("server", "its grid names the file %1, which is no data set of a server")).arg(name));
        fs::create_directories(dataFolder);
        replaceFile(dataFolder / name, {m_server.get({.path = "/api/v1/datasets/" + name + "/content"}, stop)});
    }
    return sweep;
}

std::map<int, RunResult> SweepClient::results(const std::string& id, const Sweep& sweep, const std::stop_token& stop) const {
    const std::string csv = m_server.get({.path = pathOf(id, "/results?format=csv")}, stop);
    return resultsByRun(sweep, parseResults(csv, url()), url());
}

SweepClient::Claim SweepClient::claim(const std::string& id, const std::string& worker, const std::set<int>& except,
                                      const std::stop_token& stop) const {
    const Json asked{{"worker", worker}, {"count", 1}, {"except", except}};
    const std::string body = m_server.get({.method = "POST", .path = pathOf(id, ":claim"), .body = asked.dump()}, stop);
    return readFrom(url(), body, [](const Json& json) {
        Claim claim{json.value("lease", std::string()), std::nullopt, std::chrono::seconds(json.at("seconds").get<int>()),
                    countsOf(json.at("standing"))};
        if (!json.at("rows").empty()) claim.row = json.at("rows").at(0).get<int>();
        return claim;
    });
}

bool SweepClient::renew(const std::string& id, const std::string& lease, const std::stop_token& stop) const {
    const auto answer = m_server.ask({.method = "POST", .path = pathOf(id, ":heartbeat"), .body = Json{{"lease", lease}}.dump()}, stop);
    if (!answer.isDone() && answer.status != 404) m_server.refuse(answer);
    return answer.isDone();
}

void SweepClient::release(const std::string& id, const std::string& lease, const std::stop_token& stop) const {
    m_server.get({.method = "POST", .path = pathOf(id, ":release"), .body = Json{{"lease", lease}}.dump()}, stop);
}

SweepClient::Delivered SweepClient::deliver(const std::string& id, int row, const RunResult& result, const RunsFolder& files,
                                            const std::stop_token& stop) const {
    std::error_code error;
    const fs::path state = files.checkpoint(row);
    if (const auto size = fs::file_size(state, error); !error && size <= mostStateBytes)
        m_server.get({.method = "PUT", .path = pathOf(id, "/rows/" + std::to_string(row) + "/state"), .file = state}, stop);
    const auto answer =
        m_server.ask({.method = "POST", .path = pathOf(id, ":results"), .body = bodyOf(row, result, files.metrics(row))}, stop);
    if (answer.status == 409) return {{}, Connection::sentenceOf(answer)};
    if (!answer.isDone()) m_server.refuse(answer);
    return readFrom(url(), answer.body, [](const Json& json) { return Delivered{countsOf(json.at("standing")), {}}; });
}

}  // namespace lab::server
