#include "server/routes/route.h"

#include <iterator>
#include <string_view>

#include "server/routes/tables.h"

namespace lab::server {
namespace {

/// Takes the first part of a path, up to a slash.
std::string_view takePart(std::string_view& path) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    return part;
}

/// "{run}:pause" matches "r1:pause".
bool partMatches(std::string_view pattern, std::string_view part, Fields& places) {
    if (!pattern.starts_with('{')) return pattern == part;
    const std::size_t close = pattern.find('}');
    const std::string_view behind = pattern.substr(close + 1);
    if (part.size() <= behind.size() || !part.ends_with(behind)) return false;
    const std::string_view value = part.substr(0, part.size() - behind.size());
    if (value.find(':') != value.npos) return false;
    places[std::string(pattern.substr(1, close - 1))] = value;
    return true;
}

}  // namespace

const std::vector<Route>& routes() {
    static const std::vector<Route> all = [] {
        std::vector<Route> result;
        for (const auto& table :
             {aboutRoutes, experimentRoutes, dataRoutes, runRoutes, runCommandRoutes, watchRoutes, momentRoutes, pictureRoutes,
              explanationRoutes, writingRoutes, sweepRoutes, sweepRowRoutes, hopfieldRoutes, codeRoutes, runCodeRoutes}) {
            std::vector<Route> rows = table();
            std::move(rows.begin(), rows.end(), std::back_inserter(result));
        }
        return result;
    }();
    return all;
}

bool matches(const std::string& pattern, const std::string& path, Fields& places) {
    std::string_view left = pattern, other = path;
    while (!left.empty() && !other.empty())
        if (!partMatches(takePart(left), takePart(other), places)) return false;
    return left.empty() && other.empty();
}

std::vector<std::string> placesIn(const std::string& pattern) {
    std::vector<std::string> names;
    for (std::size_t open = pattern.find('{'); open != pattern.npos; open = pattern.find('{', open + 1))
        names.push_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
    return names;
}

Response jsonResponse(const Json& json, int status) {
    Response response;
    response.status = status;
    response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

Response emptyResponse() {
    Response response;
    response.status = 204;
    return response;
}

}  // namespace lab::server
