#include <algorithm>

#include "core/config/experiment_json.h"
#include "core/io/session_file.h"
#include "core/model/model.h"
#include "tests/fuzz/harness.h"
#include "tests/fuzz/same.h"

namespace lab::fuzz {
namespace {

std::shared_ptr<const ParameterLayout> layoutOfModel(const Experiment& experiment) {
    const auto model = std::make_shared<const Model>(experiment.model);
    return {model, &model->layout()};
}

/// Numbers beyond a float's range are infinite in the file.
bool sameNumber(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b)) || (std::isinf(static_cast<float>(a)) && std::isinf(b));
}

bool sameRows(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return std::ranges::equal(x, y, sameNumber); });
}

bool samePast(const SessionPast& a, const SessionPast& b) {
    const auto sameMoment = [](const SessionPast::Moment& x, const SessionPast::Moment& y) {
        return x.step == y.step && sameBits(*x.weights, *y.weights);
    };
    return a.firstStep == b.firstStep && a.pins == b.pins && sameRows(a.rows, b.rows) &&
           std::ranges::equal(a.moments, b.moments, sameMoment) &&
           std::ranges::equal(a.states, b.states, [](const auto& x, const auto& y) { return sameState(*x, *y); });
}

void requireSameRun(const SessionRun& a, const SessionRun& b) {
    require(a.name == b.name && a.origin == b.origin && a.notes == b.notes, "names of a run are kept");
    require(writeExperiment(a.experiment) == writeExperiment(b.experiment), "the experiment of a run is kept");
    require(a.tokenizer == b.tokenizer, "the tokenizer of a run is kept");
    require(sameState(*a.present, *b.present), "the present of a run is kept");
    require(samePast(a.past, b.past), "the past of a run is kept");
}

}  // namespace

void session(std::string_view bytes) {
    const std::filesystem::path path = fileOf(bytes, "input.safetensors");
    accepted([&] { readSessionSummary(path); });
    SessionFile read;
    std::vector<Message> lost;
    if (!accepted([&] { read = soundRunsOf(readCheckpoint(path), layoutOfModel, lost); })) return;
    for (const Message& sentence : lost) require(!sentence.empty(), "it is said why a run is lost");
    const bool trainable = std::ranges::all_of(
        read.runs, [](const SessionRun& run) { return hasMomentsOf(*run.present, *run.experiment.training.optimizer.kind); });
    if (!trainable) return;  // is refused when runs are made of it
    const std::filesystem::path again = scratch() / "again.safetensors";
    writeSession(again, read);
    const SessionFile written = sessionOf(readCheckpoint(again), layoutOfModel);
    require(written.shown == read.shown && written.window == read.window, "what was looked at is kept");
    require(written.runs.size() == read.runs.size(), "all runs are kept");
    for (std::size_t i = 0; i < read.runs.size(); ++i) requireSameRun(written.runs[i], read.runs[i]);
    require(readSessionSummary(again).runs == read.runs.size(), "the summary counts the runs");
}

}  // namespace lab::fuzz
