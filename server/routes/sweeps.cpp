// Sweeps that several machines work: made, listed, looked at, deleted.

#include "core/base/errors.h"
#include "core/config/presets.h"
#include "server/routes/making_request.h"
#include "server/routes/tables.h"
#include "server/service/service.h"
#include "server/service/sweep_json.h"

namespace lab::server {
namespace {

/// The grid of a body. Its base is an experiment or a preset: no path comes from a request.
Sweep sweepIn(const Call& call) {
    Json grid = parsedJson(call.request.body);
    Json& base = grid["base"];
    if (base.is_string()) {
        const Preset* preset = findPreset(base.get<std::string>());
        if (!preset)
            throw Refusal(422, Message(LAB_TEXT("server", "there is no preset %1")).arg(base.get<std::string>()), {{"/base", "unknown"}});
        base = Json::parse(preset->json);
    }
    Sweep sweep = parseSweep(grid.dump(), call.service.data.folder());
    for (int row = 0; row < sweep.runCount(); ++row) call.service.data.requireHere(lab::experimentOf(sweep, row));
    return sweep;
}

Response createSweep(Call& call) {
    const MakingRequest request = makingRequestOf(call.request);
    const SweepShelf::Made made = call.service.sweeps.create(sweepIn(call), request);
    Response response = jsonResponse(standingOf(made.id, *call.service.sweeps.find(made.id)), made.anew ? 201 : 200);
    response.headers.emplace_back("Location", "/api/v1/sweeps/" + made.id);
    return response;
}

Response listSweeps(Call& call) {
    Json all = Json::array();
    for (const auto& [id, sweep] : call.service.sweeps.all()) all.push_back(standingOf(id, *sweep));
    return jsonResponse({{"sweeps", all}});
}

SharedSweepPtr askedSweep(const Call& call) {
    return call.service.sweeps.find(call.request.place("sweep"));
}

Response sweepState(Call& call) {
    return jsonResponse(standingOf(call.request.place("sweep"), *askedSweep(call)));
}

Response grid(Call& call) {
    Response response;
    response.body = writeSweep(relocated(askedSweep(call)->sweep(), call.service.data.folder()));
    return response;
}

Response sweepResults(Call& call) {
    const SharedSweepPtr shared = askedSweep(call);
    Response response;
    response.body = shared->results();
    if (call.query.text("format") == "csv") {
        response.type = "text/csv";
        return response;
    }
    const Sweep& sweep = shared->sweep();
    Json rows = Json::array();
    for (const auto& [row, result] : resultsByRun(sweep, parseResults(response.body, "results"), "results")) {
        Json json{{"row", row}, {"values", Json::object()}};
        const std::vector<std::string> cells = cellsOf(sweep, row);
        for (std::size_t k = 0; k < cells.size(); ++k) json["values"][sweep.grid[k].path] = cells[k];
        json.update(resultJson(result));
        rows.push_back(std::move(json));
    }
    return jsonResponse({{"rows", rows}});
}

Response removeSweep(Call& call) {
    call.service.sweeps.remove(call.request.place("sweep"));
    return emptyResponse();
}

}  // namespace

std::vector<Route> sweepRoutes() {
    return {
        {.name = "sweeps.create",
         .method = "POST",
         .path = "/api/v1/sweeps",
         .summary =
             LAB_TEXT("server",
                      "Keeps a grid, as a sweep\u2019s file has it, whose rows whoever asks trains. With an Idempotency-Key the same "
                      "request again gives the same sweep."),
         .handle = createSweep,
         .body = Route::Body::json,
         .keys = {{.name = "format", .choices = {"attention-lab/sweep"}, .required = true},
                  {.name = "version", .kind = Parameter::Kind::integer, .limits = {1, 1}, .required = true},
                  {.name = "name", .limits = {0, 200}},
                  {.name = "about"},
                  {.name = "base",
                   .kind = Parameter::Kind::any,
                   .help = LAB_TEXT("server", "an experiment, or a preset\u2019s name"),
                   .required = true},
                  {.name = "set", .kind = Parameter::Kind::object, .help = LAB_TEXT("server", "keys of it that are changed")},
                  {.name = "grid",
                   .kind = Parameter::Kind::object,
                   .help = LAB_TEXT("server", "keys and the values of each; the last one runs fastest"),
                   .required = true}},
         .answers = {{201, "application/json", "made, and on the disk"}, {200, "application/json", "had been made before"}},
         .slow = true},
        {.name = "sweeps",
         .method = "GET",
         .path = "/api/v1/sweeps",
         .summary = LAB_TEXT("server", "All sweeps, how they stand and who works them."),
         .handle = listSweeps},
        {.name = "sweeps.get",
         .method = "GET",
         .path = "/api/v1/sweeps/{sweep}",
         .summary = LAB_TEXT("server", "How many rows are finished, claimed and waiting, and who has which."),
         .handle = sweepState},
        {.name = "sweeps.grid",
         .method = "GET",
         .path = "/api/v1/sweeps/{sweep}/grid",
         .summary = LAB_TEXT("server", "The grid by which its rows are trained; its files are data sets of this server."),
         .handle = grid},
        {.name = "sweeps.results",
         .method = "GET",
         .path = "/api/v1/sweeps/{sweep}/results",
         .summary = LAB_TEXT("server", "The rows that are finished; as CSV the file that commands and the window open."),
         .handle = sweepResults,
         .query = {{.name = "format", .choices = {"json", "csv"}, .standard = "json"}},
         .answers = {{200, "application/json", "rows"}, {200, "text/csv", "a table"}},
         .slow = true},
        {.name = "sweeps.delete",
         .method = "DELETE",
         .path = "/api/v1/sweeps/{sweep}",
         .summary = LAB_TEXT("server", "Forgets a sweep, on the disk too."),
         .handle = removeSweep,
         .answers = {{204, {}, "gone"}},
         .slow = true},
    };
}

}  // namespace lab::server
