// Runs: made, listed, looked at, deleted.

#include "core/config/experiment_json.h"
#include "server/routes/experiment_body.h"
#include "server/routes/making_request.h"
#include "server/routes/tables.h"
#include "server/service/run_json.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

Response create(Call& call) {
    const MakingRequest request = makingRequestOf(call.request);
    Experiment experiment = experimentOf(call);
    if (call.body.has("name")) experiment.name = call.body.text("name");
    const Runs::Made made = call.service.runs.create(experiment, call.body.boolean("train"), request.key, request.bodyHash);
    Response response = jsonResponse(call.service.runs.with(made.id, statusOf), made.anew ? 201 : 200);
    response.headers.emplace_back("Location", "/api/v1/runs/" + made.id);
    return response;
}

Response list(Call& call) {
    Json all = Json::array();
    call.service.runs.each([&all](ServedRun& run) { all.push_back(statusOf(run)); });
    return jsonResponse({{"runs", all}});
}

Response state(Call& call) {
    return jsonResponse(call.service.runs.with(call.request.place("run"), statusOf));
}

Response experiment(Call& call) {
    const Experiment own = call.service.runs.with(call.request.place("run"), [](ServedRun& run) { return run.run->experiment(); });
    Response response;
    response.body = writeExperiment(own);
    return response;
}

Response remove(Call& call) {
    call.service.runs.remove(call.request.place("run"));
    return emptyResponse();
}

}  // namespace

std::vector<Route> runRoutes() {
    std::vector<Parameter> keys = experimentKeys();
    keys.push_back({.name = "name", .help = LAB_TEXT("server", "of the run"), .limits = {1, 200}});
    keys.push_back({.name = "train", .kind = Parameter::Kind::boolean, .help = LAB_TEXT("server", "begin at once"), .standard = true});
    return {
        {.name = "runs.create",
         .method = "POST",
         .path = "/api/v1/runs",
         .summary = LAB_TEXT(
             "server", "Makes a run of an experiment and trains it. With an Idempotency-Key the same request again gives the same run."),
         .handle = create,
         .body = Route::Body::json,
         .keys = keys,
         .answers = {{201, "application/json", "made, and on the disk"}, {200, "application/json", "had been made before"}},
         .slow = true},
        {.name = "runs",
         .method = "GET",
         .path = "/api/v1/runs",
         .summary = LAB_TEXT("server", "All runs and how they stand."),
         .handle = list},
        {.name = "runs.get",
         .method = "GET",
         .path = "/api/v1/runs/{run}",
         .summary = LAB_TEXT("server", "How a run stands."),
         .handle = state},
        {.name = "runs.experiment",
         .method = "GET",
         .path = "/api/v1/runs/{run}/experiment",
         .summary = LAB_TEXT("server", "Its experiment with every value."),
         .handle = experiment},
        {.name = "runs.delete",
         .method = "DELETE",
         .path = "/api/v1/runs/{run}",
         .summary = LAB_TEXT("server", "Stops a run and forgets it, on the disk too."),
         .handle = remove,
         .answers = {{204, {}, "gone"}},
         .slow = true},
    };
}

}  // namespace lab::server
