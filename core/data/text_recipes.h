#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// An experiment on a text that is yet to be named: model, tokenizer and training for texts of a certain size (resources/recipes).
struct TextRecipe {
    std::string_view name;
    std::string_view json;
};

/// In the order of their names.
const std::vector<TextRecipe>& textRecipes();
/// From the quickest to the longest.
std::vector<const TextRecipe*> recipesByEffort();
/// Null when there is no such recipe.
const TextRecipe* findTextRecipe(std::string_view name);

/// The recipe on these files (TaskConfig::path), whose text has so many bytes: above 1 MB BPE learns 2,048 pieces instead of 512. `path`
/// empty: the text is yet to be named.
Experiment experimentOfRecipe(const TextRecipe& recipe, const std::string& path, std::size_t bytes);

/// The same training of another length: the warm-up at most a tenth of it, some ten validations, and dropout .1 where the training tokens
/// are seen more than four times (Muennighoff 2023, arXiv 2305.16264: up to four repetitions are nearly as good as new text).
Experiment withSteps(Experiment experiment, std::int64_t steps, std::size_t trainTokens);

/// How often a training sees each of these tokens.
double timesSeen(const Experiment& experiment, std::size_t trainTokens);

}  // namespace lab
