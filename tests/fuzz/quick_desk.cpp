#include "tests/fuzz/quick_desk.h"

#include <unistd.h>

#include "server/http/range.h"
#include "server/routes/making_request.h"
#include "server/service/service.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

using server::Refusal;

/// There are none, and none can be made.
class NoRuns : public server::Runs {
public:
    Made create(const Experiment&, bool, const std::string&, const std::string&) override {
        throw server::noRoom(LAB_TEXT("server", "full"));
    }
    Made branch(const std::string& parent, std::int64_t, const std::function<void(Experiment&)>&, bool) override {
        throw server::unknownRun(parent);
    }
    void remove(const std::string& id) override { throw server::unknownRun(id); }
    void setTraining(const std::string& id, bool) override { throw server::unknownRun(id); }
    void stepOnce(const std::string& id) override { throw server::unknownRun(id); }
    CheckpointPtr weightsAt(const std::string& id, std::int64_t) override { throw server::unknownRun(id); }
    TrainingStatePtr stateAt(const std::string& id, std::int64_t) override { throw server::unknownRun(id); }
    server::StreamPtr watch(const std::string& id) override { throw server::unknownRun(id); }
    std::size_t count() override { return 0; }

private:
    void hold(const std::string& id, const std::function<void(server::ServedRun&)>&) override { throw server::unknownRun(id); }
    void holdAll(const std::function<void(server::ServedRun&)>&) override {}
};

server::Service& service() {
    static NoRuns runs;
    static server::Service served({.folder = scratch() / "served", .mostSweeps = 0}, runs);
    return served;
}

const server::Route* routeOf(const server::Request& request) {
    for (const server::Route& route : server::routes())
        if (server::Fields places; route.method == request.method && server::matches(route.path, request.path, places)) return &route;
    return nullptr;
}

bool isLeftAlone(const server::Route& route) {
    return route.slow || route.body == server::Route::Body::file;
}

/// What a handler would be given.
server::Response checked(const server::Route& route, const server::Request& request) noexcept {
    try {
        server::checkedQuery(route.query, request.query);
        if (route.body == server::Route::Body::json) server::checkedBody(route.keys, server::parsedJson(request.body));
        server::makingRequestOf(request);
        if (const std::string* range = request.header("range")) server::rangeOf(*range, 1000);
        return server::emptyResponse();
    } catch (const Refusal& refusal) {
        return server::problemOf(refusal, request.path);
    }
}

}  // namespace

QuickDesk::QuickDesk(server::Service& service) : m_desk(service, server::Guard{true, "secret"}) {}

QuickDesk& QuickDesk::instance() {
    static QuickDesk desk(service());
    return desk;
}

server::Front::Admission QuickDesk::admit(server::Request& request) noexcept {
    Admission admission = m_desk.admit(request);
    admission.slow = false;
    if (admission.body == Body::file) admission.body = Body::memory;
    return admission;
}

server::Response QuickDesk::answer(const server::Request& request) noexcept {
    const server::Route* route = routeOf(request);
    return route && isLeftAlone(*route) ? checked(*route, request) : m_desk.answer(request);
}

void requireSoundAnswer(const server::Response& response) {
    if (response.part) close(response.part->file);
    if (response.stream) response.stream->abandon();
    const bool full = response.status == 503 || response.status == 429;
    require(response.status >= 200 && (response.status < 500 || full), "an answer says what was wrong: " + response.body);
    if (response.status < 400) return;
    const server::Json body = server::Json::parse(response.body, nullptr, false);
    require(body.is_object() && (body.contains("detail") || body.contains("error")), "a refusal has words: " + response.body);
}

}  // namespace lab::fuzz
