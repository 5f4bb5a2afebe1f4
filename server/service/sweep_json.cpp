#include "server/service/sweep_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace lab::server {

using Json = nlohmann::ordered_json;

Json resultJson(const RunResult& result) {
    Json json = Json::object();
    for (const std::string& column : resultColumns())
        if (const auto value = resultValue(result, column); value && std::isfinite(*value)) json[column] = *value;
    json["steps"] = result.steps;
    json["parameters"] = result.parameters;
    return json;
}

Json countsOf(const SharedSweep::Standing& standing) {
    return {{"rows", standing.rows}, {"finished", standing.finished}, {"claimed", standing.claimed}, {"waiting", standing.waiting()}};
}

Json standingOf(const std::string& id, const SharedSweep& shared) {
    const Sweep& sweep = shared.sweep();
    const SharedSweep::Standing standing = shared.standing();
    Json json{{"id", id}, {"name", sweep.name}, {"keys", Json::array()}};
    for (const GridKey& key : sweep.grid) json["keys"].push_back(key.path);
    json.update(countsOf(standing));
    json["workers"] = Json::array();
    for (const SharedSweep::Worker& worker : standing.workers)
        json["workers"].push_back({{"worker", worker.name}, {"rows", worker.rows}, {"seconds_left", worker.left.count()}});
    return json;
}

}  // namespace lab::server
