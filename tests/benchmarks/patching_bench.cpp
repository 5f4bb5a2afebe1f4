// How long patching every head of a model takes, and how long until a cancelled one ends: one line of JSON. Times of the processor say what
// it costs however busy the machine is.
// Usage: patching_bench PRESET|MODEL|smollm2-shape [--tokens N]
// smollm2-shape: random weights in the shape of SmolLM2-135M, which compute as long as its own.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>
#include <utility>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "core/pretrained/pretrained_model.h"
#include "core/stream/patch_cells.h"

namespace {

using namespace lab;
using Clock = std::chrono::steady_clock;

struct Subject {
    std::shared_ptr<const Model> model;
    Weights weights;
};

Subject randomSubject(const Experiment& experiment) {
    auto model = std::make_shared<const Model>(resolved(experiment).model);
    return {model, initialWeights(*model, 1)};
}

Experiment smolShape() {
    Experiment experiment = parseExperiment(findPreset("llama-small")->json);
    constexpr std::pair<const char*, const char*> settings[] = {
        {"model.d_model", "576"}, {"model.num_layers", "30"},    {"model.num_heads", "9"},       {"model.num_kv_heads", "3"},
        {"model.d_ff", "1536"},   {"model.vocab_size", "49152"}, {"model.num_classes", "49152"}, {"model.output.tied", "true"}};
    for (const auto& [key, value] : settings) setValue(experiment, key, value);
    return experiment;
}

Subject subjectOf(const std::string& name) {
    if (name == "smollm2-shape") return randomSubject(smolShape());
    if (const Preset* preset = findPreset(name)) return randomSubject(parseExperiment(preset->json));
    PretrainedModel opened = openPretrained(name);
    return {opened.model, std::move(opened.weights)};
}

Input tokensOf(const Model& model, int length, int changed) {
    Input input;
    const int vocabulary = *model.config().vocab_size;
    for (int i = 0; i < length; ++i) input.tokens.push_back(static_cast<int>((std::int64_t{7919} * (i + 1)) % vocabulary));
    input.tokens[static_cast<std::size_t>(length / 2)] = changed % vocabulary;
    return input;
}

double seconds(Clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

double processorSeconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Milliseconds from the wish to the end.
double cancelMilliseconds(const Subject& subject, const Input& clean, const Input& corrupted, const PatchQuestion& question) {
    std::atomic<bool> cancelled = false;
    const StreamRuns runs(*subject.model, subject.weights, [&] { return cancelled.load(); });
    const Patching patching(runs, clean, corrupted, question);
    PatchCells cells = emptyCells(*subject.model, PatchPart::head, clean);
    Clock::time_point wished;
    std::thread hand([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        wished = Clock::now();
        cancelled = true;
    });
    double needed = 0;
    try {
        while (true) {
            cells = emptyCells(*subject.model, PatchPart::head, clean);
            fillCells(cells, patching, question);
        }
    } catch (const PassAbandoned&) {
        const Clock::time_point ended = Clock::now();
        hand.join();
        needed = 1e3 * seconds(ended - wished);
    }
    return needed;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2 && !(argc == 4 && std::strcmp(argv[2], "--tokens") == 0)) {
        std::fprintf(stderr, "usage: patching_bench PRESET|MODEL|smollm2-shape [--tokens N]\n");
        return 2;
    }
    const int tokens = argc == 4 ? std::max(std::atoi(argv[3]), 2) : 32;
    const Subject subject = subjectOf(argv[1]);
    const Input clean = tokensOf(*subject.model, tokens, 3), corrupted = tokensOf(*subject.model, tokens, 5);
    const PatchQuestion question{tokens - 1, 1, 2};
    const StreamRuns runs(*subject.model, subject.weights);
    const Patching patching(runs, clean, corrupted, question);
    PatchCells cells = emptyCells(*subject.model, PatchPart::head, clean);
    const double before = processorSeconds();
    const Clock::time_point begun = Clock::now();
    fillCells(cells, patching, question);
    const double taken = seconds(Clock::now() - begun), computed = processorSeconds() - before;
    std::printf("{\"heads\": %d, \"tokens\": %d, \"seconds\": %.3f, \"processor_seconds\": %.3f, \"cancel_ms\": %.1f}\n", cells.known,
                tokens, taken, computed, cancelMilliseconds(subject, clean, corrupted, question));
} catch (const lab::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
