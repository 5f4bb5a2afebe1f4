#pragma once

#include <random>

#include "tests/server/serving.h"

namespace lab::tests {

/// Requests that the routes' own schema makes, right ones and wrong ones; a pure function of the seed.
class RequestFuzz {
public:
    RequestFuzz(Served& served, std::uint32_t seed) : m_served(served), m_random(seed) {}

    server::Request next() {
        const auto& all = server::routes();
        const server::Route& route = all[below(all.size())];
        server::Request asked = m_served.request(oneIn(40) ? "PUT" : route.method, pathOf(route));
        for (const server::Parameter& each : route.query)
            if (!oneIn(3)) asked.query[each.name] = textOf(valueOf(each));
        if (oneIn(30)) asked.query["unknown"] = word();
        if (route.body == server::Route::Body::json) asked.body = bodyOf(route);
        if (route.body != server::Route::Body::none && !oneIn(40)) asked.headers["content-type"] = "application/json";
        if (route.body == server::Route::Body::file) {
            asked.spooled = m_served.path() / "fuzzed";
            std::ofstream(asked.spooled, std::ios::binary) << word();
        }
        if (oneIn(40)) asked.headers.erase(oneIn(2) ? "host" : "authorization");
        if (oneIn(20)) asked.headers["range"] = "bytes=" + word();
        if (oneIn(20)) asked.headers["idempotency-key"] = word();
        return asked;
    }

private:
    using Json = server::Json;

    std::size_t below(std::size_t n) { return m_random() % n; }
    bool oneIn(std::size_t n) { return below(n) == 0; }

    std::string word() {
        static const std::vector<std::string> words{"copy",  "stories",  "1",           "-1", "latest",      "0-5",
                                                    "a",     "tales",    "tales.1.txt", "..", "/etc/passwd", "9999999999999999999",
                                                    "1e999", "\xc3\xa9", "\xff\xfe",    "",   "nan",         "{\"a\":",
                                                    "r0"};
        if (!m_known.empty() && oneIn(3)) return m_known[below(m_known.size())];
        if (oneIn(8)) return std::string(below(300), static_cast<char>(below(256)));
        return words[below(words.size())];
    }

    std::string pathOf(const server::Route& route) {
        if (oneIn(200)) m_known = knownRuns();
        std::string path = route.path;
        for (const std::string& place : server::placesIn(route.path)) {
            const std::string mark = "{" + place + "}";
            std::string value = word();
            std::erase_if(value, [](char c) { return c == '?' || c == '&' || c == '\0'; });
            path.replace(path.find(mark), mark.size(), value);
        }
        return path;
    }

    std::vector<std::string> knownRuns() {
        std::vector<std::string> ids;
        m_served.service().runs.each([&ids](server::ServedRun& run) { ids.push_back(run.id); });
        for (const auto& [id, sweep] : m_served.service().sweeps.all()) ids.push_back(id);
        return ids;
    }

    Json anything() {
        switch (below(8)) {
            case 0:
                return nullptr;
            case 1:
                return oneIn(2);
            case 2:
                return static_cast<std::int64_t>(m_random()) - (std::int64_t{1} << 31);
            case 3:
                return std::uint64_t{18446744073709551615U} - below(2);
            case 4:
                return 1e300 * static_cast<double>(below(3));
            case 5:
                return Json::array({anything(), below(9)});
            case 6:
                return Json{{"training.steps", below(4)}};
            default:
                return word();
        }
    }

    Json valueOf(const server::Parameter& parameter) {
        using Kind = server::Parameter::Kind;
        if (oneIn(6)) return anything();
        if (parameter.name == "set") return Json{{"training.steps", 2}, {"training.batch_size", 2}};
        if (parameter.name == "grid") return Json{{"training.seed", {1, 2}}, {"training.steps", {2}}};
        if (parameter.name == "base") return oneIn(4) ? "stories" : "copy";
        if (parameter.name == "preset") return oneIn(8) ? "codes-fsq" : oneIn(4) ? "stories" : "copy";
        if (parameter.name == "prompt" && !oneIn(3)) return "The";
        if (!parameter.choices.empty()) return parameter.choices[below(parameter.choices.size())];
        switch (parameter.kind) {
            case Kind::boolean:
                return oneIn(2);
            case Kind::integer:
                return static_cast<std::int64_t>(std::max(0.0, std::max(-10.0, parameter.limits.min)) + static_cast<double>(below(8)) - 1);
            case Kind::real:
                return static_cast<double>(below(30)) / 10 - 0.2;
            case Kind::rows:
                return Json::array({{1, 0, 1}, {0, 1, 1}});
            case Kind::numbers:
                return Json::array({1, 0, oneIn(4) ? 7 : 1});
            case Kind::tokens:
                return Json::array({below(12), below(12)});
            case Kind::texts:
                return Json::array({word()});
            case Kind::object:
                return Json::object();
            case Kind::text:
            case Kind::any:
                return word();
        }
        return nullptr;
    }

    static std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }
    static std::string textOf(const Json& json) { return json.is_string() ? json.get<std::string>() : dumped(json); }

    std::string bodyOf(const server::Route& route) {
        Json body = Json::object();
        for (const server::Parameter& each : route.keys)
            if ((each.required && !oneIn(20)) || (each.name == "preset" && !oneIn(20)) || oneIn(3))
                if (each.name != "experiment" || oneIn(10)) body[each.name] = valueOf(each);
        std::string text = dumped(body);
        if (oneIn(25)) text = dumped(anything());
        if (oneIn(25) && !text.empty()) text[below(text.size())] = static_cast<char>(below(256));
        if (oneIn(50)) text.resize(below(text.size() + 1));
        return text;
    }

    Served& m_served;
    std::mt19937 m_random;
    std::vector<std::string> m_known;
};

/// What is wrong with an answer, whatever was asked; empty when nothing is.
inline std::string faultOf(const server::Response& response) {
    const bool full = response.status == 503 || response.status == 429;
    if (response.part) close(response.part->file);
    if (response.stream) response.stream->abandon();
    if (response.status < 200 || (response.status >= 500 && !full))
        return "status " + std::to_string(response.status) + ": " + response.body;
    const auto has = [&response](const char* name) {
        return std::ranges::any_of(response.headers, [name](const auto& header) { return header.first == name; });
    };
    if (full && !has("Retry-After")) return "no Retry-After";
    if (response.status < 400) return {};
    const server::Json body = server::Json::parse(response.body, nullptr, false);
    if (body.is_discarded()) return "a refusal that is no JSON: " + response.body;
    const bool openAi = body.contains("error") && body["error"].contains("message");
    return openAi || (body.contains("title") && body.contains("detail")) ? std::string() : "a refusal without words: " + response.body;
}

}  // namespace lab::tests
