#include "app/commands/evaluation_report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands/measure_text.h"
#include "app/commands/status_line.h"
#include "core/codes/code_json.h"
#include "core/data/loss_unit.h"
#include "core/data/story_dataset.h"
#include "core/text/stories/story_baselines.h"

namespace lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr int storiesCounted = 3000, storiesJudged = 400;

/// Empty where the task tells no stories.
std::vector<StoryBaseline> baselinesOf(const LoadedTask& task) {
    const StoryDataset* stories = storiesOf(*task.dataset);
    if (!stories) return {};
    return storyBaselines(stories->settings(), task.experiment.task.seed, storiesCounted, storiesJudged);
}

void printJson(const LoadedTask& task, const Evaluation& found, const std::vector<StoryBaseline>& baselines,
               const codes::CodeReport* report, const std::vector<ExpertShares>& experts) {
    Json json = {{"sequences", task.dataset->validationSize()}, {"loss", found.loss}};
    if (task.experiment.model.answersNumbers()) {
        json["explained"] = found.accuracy;
    } else {
        json["accuracy"] = found.accuracy;
        json["sequence_accuracy"] = found.sequenceAccuracy;
    }
    if (const LossUnit unit = lossUnitOf(*task.dataset); unit.bitsPerByte) json["bits_per_byte"] = unit.of(found.loss);
    for (std::size_t g = 0; g < std::min(baselines.size(), found.groups.size()); ++g)
        json["phenomena"].push_back({{"name", baselines[g].phenomenon->name},
                                     {"right", found.groups[g].right},
                                     {"asked", found.groups[g].asked},
                                     {"guess", baselines[g].chance},
                                     {"five_gram", baselines[g].fiveGram}});
    if (report) json["code"] = codes::figuresJson(*report);
    for (const ExpertShares& layer : experts) json["experts"].push_back({{"layer", layer.layer}, {"shares", layer.shares}});
    std::printf("%s\n", json.dump().c_str());
}

void printPhenomena(const Evaluation& found, const std::vector<StoryBaseline>& baselines) {
    if (baselines.empty() || found.groups.empty()) return;
    std::printf("\n%-24s %8s %8s %8s %8s\n", "phenomenon", "asked", "right %", "guess %", "5-gram %");
    for (std::size_t g = 0; g < std::min(baselines.size(), found.groups.size()); ++g)
        std::printf("%-24s %8s %8.1f %8.1f %8.1f\n", baselines[g].phenomenon->title.text, groupedDigits(found.groups[g].asked).c_str(),
                    100 * found.groups[g].share(), 100 * baselines[g].chance, 100 * baselines[g].fiveGram);
    std::printf(
        "The model chooses among all tokens, guess and 5-gram among the words that could stand there: its question is the harder one.\n");
}

void printExperts(const std::vector<ExpertShares>& experts) {
    for (const ExpertShares& layer : experts) {
        std::printf("experts      %s:", layer.layer.c_str());
        for (const double share : layer.shares) std::printf(" %.1f", 100 * share);
        std::printf(" %% of the choices\n");
    }
}

}  // namespace

void printCodeFigures(const codes::CodeReport& report) {
    std::printf("exact        %.2f %% of sequences, %.2f %% of positions, greedily and from the code alone\n", 100 * report.exactShare(),
                100 * report.positionShare());
    std::printf("collisions   %.2f %% of %s different sequences; at random %.2f %%\n", 100 * report.collisionRate(),
                groupedDigits(report.sequences).c_str(), 100 * report.chanceOfAll);
    std::printf("code bits    %.2f used, %.2f needed, room for %.2f\n", report.bitsUsed, report.needed.bits, report.bitsRoom);
}

void printEvaluation(const LoadedTask& task, const Evaluation& found, bool json, const codes::CodeReport* report,
                     const std::vector<ExpertShares>& experts) {
    const std::vector<StoryBaseline> baselines = baselinesOf(task);
    if (json) return printJson(task, found, baselines, report, experts);
    std::printf("sequences    %s\n", groupedDigits(task.dataset->validationSize()).c_str());
    const ModelConfig& model = task.experiment.model;
    std::printf("loss         %.4f %s\n", found.loss,
                model.answersNumbers() ? "half the mean square"
                : model.readsVectors() ? "nats an answer"
                                       : "nats a token");
    if (const LossUnit unit = lossUnitOf(*task.dataset); unit.bitsPerByte) std::printf("bits a byte  %.4f\n", unit.of(found.loss));
    const std::string measured = evaluationText(model, found);
    const std::size_t name = measured.find(' ');
    std::printf("%-12s %s\n", measured.substr(0, name).c_str(), measured.substr(name + 1).c_str());
    if (report) printCodeFigures(*report);
    printExperts(experts);
    printPhenomena(found, baselines);
}

}  // namespace lab
