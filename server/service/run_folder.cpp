#include "server/service/run_folder.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/config/experiment_json.h"
#include "core/runs/session_run.h"

namespace lab::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* askedName = "asked.json";
constexpr const char* wantedName = "wanted";
constexpr const char* stateName = "state.safetensors";

}  // namespace

std::filesystem::path RunFolder::unfinished(const std::filesystem::path& folder) {
    return folder.parent_path() / ("." + utf8Text(folder.filename()));
}

bool RunFolder::isUnfinished(const std::filesystem::path& folder) {
    return utf8Text(folder.filename()).starts_with('.');
}

void RunFolder::becomes(const RunFolder& whole) const {
    std::filesystem::rename(m_folder, whole.m_folder);
}

void RunFolder::make(const Asked& asked) const {
    std::filesystem::create_directories(m_folder);
    const Json json{{"experiment", Json::parse(writeExperiment(asked.experiment))},
                    {"idempotency_key", asked.key},
                    {"body_sha256", asked.bodyHash},
                    {"created", asked.created}};
    replaceFile(m_folder / askedName, {json.dump(1)});
}

RunFolder::Asked RunFolder::asked() const {
    const std::string file = utf8Text(m_folder / askedName);
    try {
        const Json json = Json::parse(readFile(m_folder / askedName));
        return {parseExperiment(json.at("experiment").dump()), json.at("idempotency_key").get<std::string>(),
                json.at("body_sha256").get<std::string>(), json.at("created").get<std::int64_t>()};
    } catch (const Json::exception& error) {
        throw InputError(file, Message::verbatim(error.what()));
    }
}

void RunFolder::setWanted(bool trains) const {
    replaceFile(m_folder / wantedName, {trains ? "training\n" : "paused\n"});
}

bool RunFolder::wanted() const {
    std::error_code ignored;
    return std::filesystem::exists(m_folder / wantedName, ignored) && readFile(m_folder / wantedName) == "training\n";
}

void RunFolder::keep(const SessionRun& run) const {
    SessionFile session;
    session.runs = {run};
    writeSessionOfRuns(m_folder / stateName, session);
}

std::optional<SessionRun> RunFolder::kept() const {
    std::error_code ignored;
    if (!std::filesystem::exists(m_folder / stateName, ignored)) return std::nullopt;
    return sessionOf(readCheckpoint(m_folder / stateName), layoutOf).runs.front();
}

void RunFolder::remove() const {
    const std::filesystem::path away = isUnfinished(m_folder) ? m_folder : unfinished(m_folder);
    std::error_code ignored;  // what is left of it goes at the next start
    if (away != m_folder) std::filesystem::rename(m_folder, away);
    std::filesystem::remove_all(away, ignored);
}

}  // namespace lab::server
