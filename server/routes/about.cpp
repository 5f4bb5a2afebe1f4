// What the server is, and what can be asked for.

#include <cstdio>

#include "core/base/number_text.h"
#include "core/base/platform.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "server/routes/openapi.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

Response health(Call& call) {
    return jsonResponse({{"status", "ok"}, {"runs", call.service.runs.count()}});
}

Response openApi(Call&) {
    static const std::string text = openApiOf(routes()).dump(1);
    Response response;
    response.body = text;
    return response;
}

Json presetList() {
    Json list = Json::array();
    for (const Preset& preset : presets()) {
        const Json json = Json::parse(preset.json);
        list.push_back({{"name", preset.name}, {"title", json.value("name", "")}, {"about", json.value("about", "")}});
    }
    return {{"presets", list}};
}

/// One metric of Prometheus' text format 0.0.4 with its runs' values.
class Gauge {
public:
    Gauge(std::string& out, const char* name, const char* help) : m_out(out), m_name(name) {
        m_out += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " gauge\n";
    }
    void add(double value, const std::string& run = {}) {
        m_out += m_name + (run.empty() ? "" : "{run=\"" + run + "\"}") + " " + numberText(value) + "\n";
    }

private:
    std::string& m_out;
    std::string m_name;
};

Response serviceMetrics(Call& call) {
    struct Row {
        std::string id;
        double step, tokensPerSecond, loss;
        bool trains, hasLoss;
    };
    std::vector<Row> rows;
    call.service.runs.each([&rows](ServedRun& served) {
        const TrainingRun& run = *served.run;
        const bool has = !run.records().empty();
        rows.push_back({served.id, static_cast<double>(run.step()), run.tokensPerSecond(), has ? run.records().back().train.loss : 0,
                        run.state() == RunState::training, has});
    });
    Response response;
    response.type = "text/plain; version=0.0.4";
    std::string& out = response.body;
    const double up = std::chrono::duration<double>(std::chrono::steady_clock::now() - call.service.started).count();
    Gauge(out, "attention_lab_uptime_seconds", "Since the server was started.").add(up);
    Gauge(out, "attention_lab_runs", "Runs that are held.").add(static_cast<double>(rows.size()));
    Gauge steps(out, "attention_lab_run_step", "Steps done.");
    for (const Row& row : rows) steps.add(row.step, row.id);
    Gauge trains(out, "attention_lab_run_training", "1 while it trains.");
    for (const Row& row : rows) trains.add(row.trains ? 1 : 0, row.id);
    Gauge pace(out, "attention_lab_run_tokens_per_second", "Over the recent past of computing time.");
    for (const Row& row : rows) pace.add(row.tokensPerSecond, row.id);
    Gauge loss(out, "attention_lab_run_train_loss", "Of the last step's batch.");
    for (const Row& row : rows)
        if (row.hasLoss) loss.add(row.loss, row.id);
    return response;
}

Response allPresets(Call&) {
    static const Response response = jsonResponse(presetList());
    return response;
}

Response onePreset(Call& call) {
    const Preset* preset = findPreset(call.request.place("preset"));
    if (!preset) throw Refusal(404, Message(LAB_TEXT("server", "there is no preset %1")).arg(call.request.place("preset")));
    return jsonResponse(Json::parse(preset->json));
}

Response fields(Call&) {
    static const Response response = jsonResponse(experimentSchema());
    return response;
}

}  // namespace

std::vector<Route> aboutRoutes() {
    return {
        {.name = "health",
         .method = "GET",
         .path = "/health",
         .summary = LAB_TEXT("server", "Whether the server is there."),
         .handle = health,
         .scope = Route::Scope::open},
        {.name = "openapi",
         .method = "GET",
         .path = "/openapi.json",
         .summary = LAB_TEXT("server", "This interface as OpenAPI 3.1."),
         .handle = openApi,
         .scope = Route::Scope::open},
        {.name = "metrics",
         .method = "GET",
         .path = "/metrics",
         .summary = LAB_TEXT("server", "How the server and its runs stand, in Prometheus\u2019 text format."),
         .handle = serviceMetrics,
         .answers = {{200, "text/plain"}}},
        {.name = "presets",
         .method = "GET",
         .path = "/api/v1/presets",
         .summary = LAB_TEXT("server", "The experiments that come with the program."),
         .handle = allPresets},
        {.name = "presets.get",
         .method = "GET",
         .path = "/api/v1/presets/{preset}",
         .summary = LAB_TEXT("server", "One of them, as it is sent to make a run."),
         .handle = onePreset},
        {.name = "fields",
         .method = "GET",
         .path = "/api/v1/fields",
         .summary = LAB_TEXT("server", "An experiment as JSON Schema: every key, what it means, what it may be."),
         .handle = fields},
    };
}

}  // namespace lab::server
