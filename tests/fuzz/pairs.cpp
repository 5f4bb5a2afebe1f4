#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/data/pairs_dataset.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

Experiment pairsOf(Architecture architecture) {
    Experiment experiment;
    experiment.task.kind = "pairs";
    experiment.task.path = "pairs.tsv";
    experiment.model.architecture = architecture;
    return experiment;
}

bool sameSample(const Sample& a, const Sample& b) {
    return a.tokens == b.tokens && a.targetTokens == b.targetTokens && a.targets == b.targets;
}

void load(const Experiment& experiment, std::string_view text) {
    LoadedTask task;
    if (!accepted([&] { task = loadPairs(experiment, PairsTexts{std::string(text), {}}); })) return;
    const Dataset& data = *task.dataset;
    const LoadedTask again = loadPairs(task.experiment, pairsTexts(data, task.experiment), data.tokenizer().kept());
    require(writeExperiment(again.experiment) == writeExperiment(task.experiment), "the same pairs say the same of the experiment");
    require(again.dataset->trainSize() == data.trainSize() && again.dataset->validationSize() == data.validationSize(),
            "as many pairs are written as are read");
    for (int i = 0; i < data.trainSize(); ++i)
        require(sameSample(again.dataset->trainSample(i), data.trainSample(i)), "pairs are written as they are read");
    for (int i = 0; i < data.validationSize(); ++i)
        require(sameSample(again.dataset->validationSample(i), data.validationSample(i)), "pairs to be validated by are written, too");
}

}  // namespace

void pairs(std::string_view bytes) {
    static const std::vector<Experiment> experiments{pairsOf(Architecture::encoder), pairsOf(Architecture::decoder),
                                                     pairsOf(Architecture::encoder_decoder)};
    for (const Experiment& experiment : experiments) load(experiment, bytes);
}

}  // namespace lab::fuzz
