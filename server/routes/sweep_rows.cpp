// Rows of a sweep: lent to who trains them, and taken back as results.

#include "core/base/number_text.h"
#include "server/routes/file_response.h"
#include "server/routes/tables.h"
#include "server/service/service.h"
#include "server/service/sweep_json.h"

namespace lab::server {
namespace {

SharedSweepPtr sweepOfRows(const Call& call) {
    return call.service.sweeps.find(call.request.place("sweep"));
}

Response claim(Call& call) {
    const SharedSweepPtr sweep = sweepOfRows(call);
    std::set<int> except;
    for (const auto row : call.body.at("except").get<std::vector<std::int64_t>>())
        if (row >= 0 && row < sweep->sweep().runCount()) except.insert(static_cast<int>(row));
    const SharedSweep::Claim claim = sweep->claim(call.body.text("worker"), static_cast<std::size_t>(call.body.integer("count")), except);
    Json json{{"rows", claim.rows}, {"seconds", call.service.sweeps.terms().length.count()}, {"standing", countsOf(sweep->standing())}};
    if (!claim.lease.empty()) json["lease"] = claim.lease;
    return jsonResponse(json);
}

Response heartbeat(Call& call) {
    sweepOfRows(call)->renew(call.body.text("lease"));
    return jsonResponse({{"seconds", call.service.sweeps.terms().length.count()}});
}

Response release(Call& call) {
    sweepOfRows(call)->release(call.body.text("lease"));
    return emptyResponse();
}

RunResult resultOf(const Values& body) {
    const auto real = [&body](const char* name) { return body.has(name) ? std::optional(body.real(name)) : std::nullopt; };
    return {real("train_loss"),    real("validation_loss"), real("validation_accuracy"), real("test_loss"),
            real("test_accuracy"), body.integer("steps"),   body.real("seconds"),        body.integer("parameters")};
}

Response takeResults(Call& call) {
    const SharedSweepPtr sweep = sweepOfRows(call);
    const bool anew = sweep->deliver(static_cast<int>(call.body.integer("row")), resultOf(call.body),
                                     call.body.has("metrics") ? call.body.text("metrics") : "");
    return jsonResponse({{"known", !anew}, {"standing", countsOf(sweep->standing())}}, anew ? 201 : 200);
}

int rowOf(const Call& call) {
    const std::string& place = call.request.place("row");
    const auto row = parseInteger(place);
    if (!row || *row < 0 || *row > mostRows) throw Refusal(404, Message(LAB_TEXT("server", "row: expected a number, not %1")).arg(place));
    return static_cast<int>(*row);
}

Response keepState(Call& call) {
    sweepOfRows(call)->keepState(rowOf(call), call.request.spooled);
    return emptyResponse();
}

/// What is there once stays as it is.
Response rowFile(const Call& call, SharedSweep::RowFile which, const char* name, const char* type) {
    const int row = rowOf(call);
    const std::string tag = call.request.place("sweep") + "-" + std::to_string(row) + "-" + name;
    return keptFileResponse(call.request, sweepOfRows(call)->fileOf(row, which), call.service.spoolFile(".row"), type, tag);
}
Response rowState(Call& call) {
    return rowFile(call, SharedSweep::RowFile::state, "state", "application/octet-stream");
}
Response rowMetrics(Call& call) {
    return rowFile(call, SharedSweep::RowFile::metrics, "metrics", "text/csv");
}

std::vector<Parameter> resultKeys() {
    std::vector<Parameter> keys{
        {.name = "row", .kind = Parameter::Kind::integer, .limits = {0, mostRows}, .required = true},
        {.name = "metrics", .help = LAB_TEXT("server", "the text of its metrics file, a line a step"), .limits = {0, mostResultBytes}}};
    for (const std::string& column : resultColumns()) {
        const bool count = column == "steps" || column == "parameters";
        Parameter key{.name = column, .kind = count ? Parameter::Kind::integer : Parameter::Kind::real};
        if (column.ends_with("_accuracy")) key.limits.max = 1;
        if (count) key.limits = {0, largestWhole};
        if (column == "seconds") key.limits.min = 0;
        key.required = count || column == "seconds";
        keys.push_back(key);
    }
    return keys;
}

}  // namespace

std::vector<Route> sweepRowRoutes() {
    const std::vector<Parameter> lease{{.name = "lease", .limits = {1, 64}, .required = true}};
    return {
        {.name = "sweeps.claim",
         .method = "POST",
         .path = "/api/v1/sweeps/{sweep}:claim",
         .summary = LAB_TEXT("server", "Lends rows that wait: they are the worker\u2019s as long as it says that it is there."),
         .handle = claim,
         .body = Route::Body::json,
         .keys = {{.name = "worker", .help = LAB_TEXT("server", "a name for people"), .limits = {1, 200}, .required = true},
                  {.name = "count", .kind = Parameter::Kind::integer, .limits = {1, 1024}, .standard = 1},
                  {.name = "except",
                   .kind = Parameter::Kind::tokens,
                   .help = LAB_TEXT("server", "rows that it cannot train"),
                   .limits = {0, mostAtOnce},
                   .standard = Json::array()}},
         .answers = {{200, "application/json", "lease, rows and seconds; no rows when none waits"}},
         .slow = true},
        {.name = "sweeps.heartbeat",
         .method = "POST",
         .path = "/api/v1/sweeps/{sweep}:heartbeat",
         .summary = LAB_TEXT("server", "A sign of life: the lease lasts anew."),
         .handle = heartbeat,
         .body = Route::Body::json,
         .keys = lease},
        {.name = "sweeps.release",
         .method = "POST",
         .path = "/api/v1/sweeps/{sweep}:release",
         .summary = LAB_TEXT("server", "Gives the rows of a lease back untrained, at once."),
         .handle = release,
         .body = Route::Body::json,
         .keys = lease,
         .answers = {{204, {}, "they wait again"}},
         .slow = true},
        {.name = "sweeps.deliver",
         .method = "POST",
         .path = "/api/v1/sweeps/{sweep}:results",
         .summary = LAB_TEXT("server",
                             "What a row came to, by the columns of the results; without losses it diverged. The same again is as good."),
         .handle = takeResults,
         .body = Route::Body::json,
         .keys = resultKeys(),
         .mostBytes = mostResultBytes,
         .answers = {{201, "application/json", "kept on the disk"}, {200, "application/json", "was known"}},
         .slow = true},
        {.name = "sweeps.keep_state",
         .method = "PUT",
         .path = "/api/v1/sweeps/{sweep}/rows/{row}/state",
         .summary = LAB_TEXT("server", "Takes the training state behind a row\u2019s last step, so that its weights can be looked at."),
         .handle = keepState,
         .body = Route::Body::file,
         .mostBytes = mostStateBytes,
         .answers = {{204, {}, "kept on the disk"}},
         .slow = true},
        {.name = "sweeps.state",
         .method = "GET",
         .path = "/api/v1/sweeps/{sweep}/rows/{row}/state",
         .summary = LAB_TEXT("server", "That state again, a checkpoint as every command opens it."),
         .handle = rowState,
         .answers = {{200, "application/octet-stream", "safetensors"}, {206, "application/octet-stream", "a part"}},
         .slow = true},
        {.name = "sweeps.metrics",
         .method = "GET",
         .path = "/api/v1/sweeps/{sweep}/rows/{row}/metrics",
         .summary = LAB_TEXT("server", "A row\u2019s metrics, a line a step."),
         .handle = rowMetrics,
         .answers = {{200, "text/csv", "a table"}, {206, "text/csv", "a part"}},
         .slow = true},
    };
}

}  // namespace lab::server
