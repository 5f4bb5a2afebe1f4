// Curves, and events as they come.

#include <algorithm>

#include "core/training/metrics_csv.h"
#include "server/routes/tables.h"
#include "server/service/run_json.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

constexpr int mostRecords = 10000;

/// Those behind a step, at most so many.
std::vector<StepRecord> recordsOf(const Call& call) {
    const std::int64_t after = call.query.integer("after");
    const auto limit = static_cast<std::ptrdiff_t>(call.query.integer("limit"));
    return call.service.runs.with(call.request.place("run"), [after, limit](ServedRun& run) {
        const std::vector<StepRecord>& all = run.run->records();
        const auto begin = std::ranges::upper_bound(all, after, {}, &StepRecord::step);
        return std::vector<StepRecord>(begin, begin + std::min(limit, all.end() - begin));
    });
}

Response metrics(Call& call) {
    const std::vector<StepRecord> records = recordsOf(call);
    Response response;
    if (call.query.text("format") == "csv") {
        response.type = "text/csv";
        response.body = metricsHeader() + "\n";
        for (const StepRecord& record : records) response.body += metricsLine(metricsRow(record)) + "\n";
        return response;
    }
    Json rows = Json::array();
    for (const StepRecord& record : records) rows.push_back(metricsOf(record));
    return jsonResponse({{"metrics", rows}});
}

/// Each event says how the run stands, so that one who comes back with Last-Event-ID, the last step heard of, has missed nothing that
/// metrics?after= does not have.
Response events(Call& call) {
    Response response;
    response.type = "text/event-stream";
    response.stream = call.service.runs.watch(call.request.place("run"));
    return response;
}

}  // namespace

std::vector<Route> watchRoutes() {
    return {
        {.name = "runs.metrics",
         .method = "GET",
         .path = "/api/v1/runs/{run}/metrics",
         .summary = LAB_TEXT("server", "A row for each step, in order; ask again with after= the last step that came."),
         .handle = metrics,
         .query = {{.name = "after", .kind = Parameter::Kind::integer, .limits = {0, mostCounted}, .standard = 0},
                   {.name = "limit", .kind = Parameter::Kind::integer, .limits = {1, mostRecords}, .standard = 1000},
                   {.name = "format", .choices = {"json", "csv"}, .standard = "json"}},
         .answers =
             {
                 {200, "application/json"},
             }},
        {.name = "runs.events",
         .method = "GET",
         .path = "/api/v1/runs/{run}/events",
         .summary = LAB_TEXT("server", "How the run stands whenever that changes, as server-sent events; an event\u2019s id is the step."),
         .handle = events,
         .answers = {{200, "text/event-stream"}}},
    };
}

}  // namespace lab::server
