#include "server/service/run_json.h"

#include <array>
#include <cmath>

#include "core/training/metrics_csv.h"
#include "server/service/runs.h"

namespace lab::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 5> stateNames{"paused", "training", "finished", "diverged", "failed"};  // as RunState has them

/// JSON has no infinities.
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

}  // namespace

Json metricsOf(const StepRecord& record) {
    const MetricsRow row = metricsRow(record);
    Json json{{"step", row.step}, {"train_loss", number(row.trainLoss)}, {"train_accuracy", number(row.trainAccuracy)}};
    if (row.validationLoss) json["validation_loss"] = number(*row.validationLoss);
    if (row.validationAccuracy) json["validation_accuracy"] = number(*row.validationAccuracy);
    json["learning_rate"] = number(row.learningRate);
    json["gradient_norm"] = number(row.gradientNorm);
    json["tokens_per_second"] = number(row.tokensPerSecond);
    return json;
}

Json statusOf(const ServedRun& served) {
    const TrainingRun& run = *served.run;
    Json json{{"id", served.id},
              {"name", run.name()},
              {"state", served.wanted && run.state() == RunState::paused ? "waiting" : stateNames[static_cast<std::size_t>(run.state())]},
              {"step", run.step()},
              {"steps", run.experiment().training.steps},
              {"parameters", run.model()->layout().flatSize()}};
    if (!run.message().empty()) json["message"] = run.message().english();
    if (run.origin()) json["origin"] = {{"run", run.origin()->parent}, {"step", run.origin()->step}};
    json["tokens_per_second"] = number(run.tokensPerSecond());
    if (const double left = run.secondsLeft(); left >= 0) json["seconds_left"] = number(left);
    if (!run.records().empty()) json["latest"] = metricsOf(run.records().back());
    if (const BestValidation best = run.bestUpTo(run.step()); best.any())
        json["best"] = {{"step", best.step}, {"validation_loss", number(best.loss)}};
    return json;
}

std::string statusEvent(const ServedRun& run) {
    return "event: status\nid: " + std::to_string(run.run->step()) + "\ndata: " + statusOf(run).dump() + "\n\n";
}

}  // namespace lab::server
