#include "server/http/problem.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lab::server {
namespace {

using Json = nlohmann::ordered_json;

struct Title {
    int status;
    std::string_view text;
};
constexpr Title titles[] = {{400, "Bad Request"},
                            {401, "Unauthorized"},
                            {403, "Forbidden"},
                            {404, "Not Found"},
                            {405, "Method Not Allowed"},
                            {409, "Conflict"},
                            {411, "Length Required"},
                            {412, "Precondition Failed"},
                            {413, "Content Too Large"},
                            {415, "Unsupported Media Type"},
                            {416, "Range Not Satisfiable"},
                            {422, "Unprocessable Content"},
                            {429, "Too Many Requests"},
                            {500, "Internal Server Error"},
                            {501, "Not Implemented"},
                            {503, "Service Unavailable"},
                            {507, "Insufficient Storage"}};

std::string written(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Refusal wrong(const std::string& pointer, const Message& what) {
    return {422, located(pointer.substr(1), what), {{pointer, what.english()}}};
}

std::string pointerOf(std::string_view path) {
    std::string pointer = "/";
    pointer += path;
    std::ranges::replace(pointer, '.', '/');
    return pointer;
}

std::string_view titleOf(int status) {
    const auto* found = std::ranges::find(titles, status, &Title::status);
    return found == std::end(titles) ? std::string_view("Error") : found->text;
}

Response problemOf(const Refusal& refusal, const std::string& path) {
    Json json{{"type", "about:blank"},
              {"title", titleOf(refusal.status())},
              {"status", refusal.status()},
              {"detail", refusal.what()},
              {"instance", path}};
    for (const PlacedError& error : refusal.errors()) json["errors"].push_back({{"pointer", error.pointer}, {"detail", error.detail}});
    return {refusal.status(), "application/problem+json", written(json), nullptr, {}, {}, refusal.headers};
}

Response openAiError(const Refusal& refusal) {
    const bool placed = !refusal.errors().empty() && refusal.errors().front().pointer.size() > 1;
    const Json param = placed ? Json(refusal.errors().front().pointer.substr(1)) : Json();
    const Json json{{"error",
                     {{"message", refusal.what()},
                      {"type", refusal.status() >= 500 ? "server_error" : "invalid_request_error"},
                      {"param", param},
                      {"code", nullptr}}}};
    return {refusal.status(), "application/json", written(json), nullptr, {}, {}, refusal.headers};
}

}  // namespace lab::server
