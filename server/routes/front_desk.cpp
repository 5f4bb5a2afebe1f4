#include "server/routes/front_desk.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <new>
#include <set>

#include "core/base/write_error.h"

namespace lab::server {
namespace {

constexpr std::string_view jsonType = "application/json";

/// "application/json; charset=utf-8" is JSON too.
bool isJson(const Request& request) {
    const std::string* type = request.header("content-type");
    return type && type->starts_with(jsonType) && (type->size() == jsonType.size() || (*type)[jsonType.size()] == ';');
}

void checkLength(const Route& route, const Request& request) {
    const std::string* length = request.header("content-length");
    if (!length) return;
    std::size_t bytes = 0;
    const auto [end, error] = std::from_chars(length->data(), length->data() + length->size(), bytes);
    if (error != std::errc() || end != length->data() + length->size())
        throw Refusal(400, LAB_TEXT("server", "Content-Length: expected a number"));
    if (bytes > route.mostBytes)
        throw Refusal(413, Message(LAB_TEXT("server", "the body: %1 bytes; at most %2 are taken here")).arg(bytes).arg(route.mostBytes));
}

Refusal wrongMethod(const std::set<std::string>& allowed) {
    Refusal refusal(
        405,
        Message(LAB_TEXT("server", "this address answers %1")).arg(alternatives(std::vector<std::string>(allowed.begin(), allowed.end()))));
    std::string list;
    for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
    refusal.headers.emplace_back("Allow", list);
    return refusal;
}

Refusal later(int status, const Message& why) {
    Refusal refusal(status, why);
    refusal.headers.emplace_back("Retry-After", "1");
    return refusal;
}

/// Bad input, with its pointer where it is about one of the route's values.
Refusal unprocessable(const InputError& error, const Route* route) {
    std::vector<PlacedError> errors;
    const auto look = [&](const std::vector<Parameter>& values, const char* mark) {
        for (const Parameter& each : values)
            if (const Message what = withoutPlace(error.message(), each.name); !(what == error.message()))
                errors.push_back({mark + each.name, what.english()});
    };
    if (route) look(route->keys, "/");
    if (route) look(route->query, "?");
    return {422, error.message(), std::move(errors)};
}

}  // namespace

/// Null when there is no such address; throws Refusal for a method that it does not answer.
const Route* FrontDesk::routeOf(const Request& request, Fields& places) const {
    std::set<std::string> methods;
    for (const Route& route : routes()) {
        Fields found;
        if (!matches(route.path, request.path, found)) continue;
        if (route.method == request.method || (request.method == "HEAD" && route.method == "GET")) {
            places = std::move(found);
            return &route;
        }
        methods.insert(route.method);
    }
    if (!methods.empty()) throw wrongMethod(methods);
    return nullptr;
}

const Route& FrontDesk::admitted(Request& request) const {
    const Route* route = nullptr;
    try {
        route = routeOf(request, request.places);
    } catch (const Refusal&) {
        m_guard.check(request, true);
        throw;
    }
    m_guard.check(request, !route || route->scope == Route::Scope::token);
    if (!route) throw Refusal(404, Message(LAB_TEXT("server", "%1: nothing is here; /openapi.json has all addresses")).arg(request.path));
    if (route->body == Route::Body::json && !isJson(request))
        throw Refusal(415, LAB_TEXT("server", "Content-Type: expected application/json"));
    checkLength(*route, request);
    return *route;
}

template <class Make>
Response FrontDesk::guarded(const Route* const& route, const Request& request, Make make) const {
    const auto refused = [&](const Refusal& refusal) {
        const bool openAi = route ? route->openAi : request.path.starts_with("/v1/");
        return openAi ? openAiError(refusal) : problemOf(refusal, request.path);
    };
    try {
        return make();
    } catch (const Refusal& refusal) {
        return refused(refusal);
    } catch (const WriteError& error) {
        return refused(Refusal(507, error.message()));
    } catch (const std::filesystem::filesystem_error& error) {
        return refused(Refusal(507, Message(LAB_TEXT("server", "what is asked for cannot be kept: %1")).arg(error.code().message())));
    } catch (const InputError& error) {
        return refused(unprocessable(error, route));
    } catch (const std::bad_alloc&) {
        return refused(later(503, LAB_TEXT("server", "not enough memory")));
    } catch (const std::exception&) {  // a bug; what it says is nobody's business
        return refused(Refusal(500, LAB_TEXT("server", "something went wrong here")));
    }
}

Front::Admission FrontDesk::admit(Request& request) noexcept {
    Admission admission;
    const Route* route = nullptr;
    Response refusal = guarded(nullptr, request, [&] {
        route = &admitted(request);
        return Response{};
    });
    if (!route) {
        admission.refusal = told(request, std::move(refusal));
        return admission;
    }
    admission.body = route->body == Route::Body::none ? Body::none : route->body == Route::Body::json ? Body::memory : Body::file;
    admission.most = admission.body == Body::none ? 0 : route->mostBytes;
    admission.slow = route->slow;
    return admission;
}

Response FrontDesk::handled(const Route& route, const Request& request) const {
    Call call{m_service, request, checkedQuery(route.query, request.query), {}};
    if (route.body == Route::Body::json) call.body = checkedBody(route.keys, parsedJson(request.body));
    return route.handle(call);
}

Response FrontDesk::answer(const Request& request) noexcept {
    Fields places;
    const Route* route = nullptr;
    return told(request, guarded(route, request, [&] {
                    route = routeOf(request, places);
                    return handled(*route, request);
                }));
}

Response FrontDesk::busy() noexcept {
    return problemOf(later(503, LAB_TEXT("server", "as much is under way as may be; ask again")), "");
}

Response FrontDesk::full() noexcept {
    return problemOf(Refusal(507, LAB_TEXT("server", "there is no room for what was sent")), "");
}

Response FrontDesk::told(const Request& request, Response response) const {
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (m_log) m_log(request, response.status);
    return response;
}

}  // namespace lab::server
