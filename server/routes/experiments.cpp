// What an experiment would be, before it is one.

#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/training/memory_need.h"
#include "server/routes/experiment_body.h"
#include "server/routes/tables.h"

namespace lab::server {
namespace {

Response validate(Call& call) {
    const Experiment experiment = experimentOf(call);
    const Experiment whole = resolved(experiment);
    Json json{{"valid", true}, {"experiment", Json::parse(writeExperiment(whole))}};
    return jsonResponse(json);
}

}  // namespace

std::vector<Route> experimentRoutes() {
    return {
        {.name = "experiments.validate",
         .method = "POST",
         .path = "/api/v1/experiments:validate",
         .summary = LAB_TEXT("server", "Everything that is wrong with an experiment, or all of its values where nothing is."),
         .handle = validate,
         .body = Route::Body::json,
         .keys = experimentKeys()},
    };
}

}  // namespace lab::server
