// What a run is told to do.

#include "server/routes/experiment_body.h"
#include "server/routes/tables.h"
#include "server/service/run_json.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

Response standing(Call& call) {
    return jsonResponse(call.service.runs.with(call.request.place("run"), statusOf));
}

Response pause(Call& call) {
    call.service.runs.setTraining(call.request.place("run"), false);
    return standing(call);
}

Response resume(Call& call) {
    call.service.runs.setTraining(call.request.place("run"), true);
    return standing(call);
}

Response step(Call& call) {
    call.service.runs.stepOnce(call.request.place("run"));
    return standing(call);
}

Response branch(Call& call) {
    const auto change = [&call](Experiment& experiment) {
        const Experiment from = experiment;
        applySet(experiment, call.body);
        if (call.body.has("name")) experiment.name = call.body.text("name");
        if (!nameTheSameData(from, experiment)) call.service.data.requireHere(experiment);
    };
    const Runs::Made made =
        call.service.runs.branch(call.request.place("run"), call.body.integer("step"), change, call.body.boolean("train"));
    Response response = jsonResponse(call.service.runs.with(made.id, statusOf), 201);
    response.headers.emplace_back("Location", "/api/v1/runs/" + made.id);
    return response;
}

}  // namespace

std::vector<Route> runCommandRoutes() {
    std::vector<Parameter> ofBranch = {experimentKeys().back()};
    ofBranch.push_back({.name = "step", .kind = Parameter::Kind::integer, .limits = {0, mostCounted}, .required = true});
    ofBranch.push_back({.name = "name", .limits = {1, 200}});
    ofBranch.push_back({.name = "train", .kind = Parameter::Kind::boolean, .standard = true});
    return {
        {.name = "runs.pause",
         .method = "POST",
         .path = "/api/v1/runs/{run}:pause",
         .summary = LAB_TEXT("server", "Stops behind the step under way."),
         .handle = pause},
        {.name = "runs.resume",
         .method = "POST",
         .path = "/api/v1/runs/{run}:resume",
         .summary = LAB_TEXT("server", "Trains on."),
         .handle = resume},
        {.name = "runs.step",
         .method = "POST",
         .path = "/api/v1/runs/{run}:step",
         .summary = LAB_TEXT("server", "Does one step."),
         .handle = step},
        {.name = "runs.branch",
         .method = "POST",
         .path = "/api/v1/runs/{run}:branch",
         .summary = LAB_TEXT("server", "A run of its own from one of this run\u2019s steps on, with other settings."),
         .handle = branch,
         .body = Route::Body::json,
         .keys = ofBranch,
         .answers = {{201, "application/json", "made, and on the disk"}},
         .slow = true},
    };
}

}  // namespace lab::server
