#include "core/data/text_recipes.h"

#include <algorithm>

#include "core/config/experiment_json.h"

namespace lab {
namespace {

constexpr std::size_t shortText = 1'000'000;
constexpr int fewPieces = 512, morePieces = 2048;
constexpr double seenTooOften = 4, dropout = 0.1;

}  // namespace

const TextRecipe* findTextRecipe(std::string_view name) {
    const auto& recipes = textRecipes();
    const auto found = std::ranges::find(recipes, name, &TextRecipe::name);
    return found == recipes.end() ? nullptr : &*found;
}

std::vector<const TextRecipe*> recipesByEffort() {
    std::vector<const TextRecipe*> recipes;
    for (const TextRecipe& recipe : textRecipes()) recipes.push_back(&recipe);
    std::ranges::sort(recipes, {}, [](const TextRecipe* recipe) { return parseExperiment(recipe->json).training.steps; });
    return recipes;
}

Experiment experimentOfRecipe(const TextRecipe& recipe, const std::string& path, std::size_t bytes) {
    Experiment experiment = parseExperiment(recipe.json);
    experiment.task.path = path;
    if (experiment.task.text.pieces == fewPieces && bytes > shortText) experiment.task.text.pieces = morePieces;
    return experiment;
}

double timesSeen(const Experiment& experiment, std::size_t trainTokens) {
    const double read = static_cast<double>(experiment.training.steps) * experiment.training.batch_size * experiment.task.seq_len;
    return read / static_cast<double>(std::max<std::size_t>(1, trainTokens));
}

Experiment withSteps(Experiment experiment, std::int64_t steps, std::size_t trainTokens) {
    TrainingConfig& training = experiment.training;
    training.steps = static_cast<int>(std::clamp<std::int64_t>(steps, 1, mostCounted));
    constexpr std::string_view warmup = "warmup_steps";
    const int most = std::max(1, training.steps / 10);
    if (const auto given = training.schedule.numbers.find(warmup); given && *given > most) training.schedule.numbers.set(warmup, most);
    training.validate_every = std::min(training.validate_every, most);
    if (timesSeen(experiment, trainTokens) > seenTooOften) experiment.model.dropout = std::max(experiment.model.dropout, dropout);
    return experiment;
}

}  // namespace lab
