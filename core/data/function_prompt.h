#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/tasks/function_config.h"
#include "core/tensor/batch.h"

namespace lab {

struct ModelConfig;

/// Points of one function and a point that it is asked at.
struct FunctionPrompt {
    int dimensions = 0;
    std::vector<double> x;        ///< [points + 1, dimensions], the query last
    std::vector<double> y;        ///< [points + 1] as told, with noise; the query's is not told
    std::vector<double> truth;    ///< [points + 1] the function's own values; empty: not known (typed points)
    std::vector<double> weights;  ///< [dimensions] w of a linear function; empty: it has none, or it is not known

    int points() const { return dimensions > 0 ? static_cast<int>(x.size()) / dimensions - 1 : 0; }
    std::span<const double> point(int i) const;
    std::span<const double> query() const { return point(points()); }
    bool operator==(const FunctionPrompt&) const = default;
};

/// The parts of the data, each drawn apart.
enum class FunctionPart { train, validation, test, study };

/// Prompt i of a part: a pure function of (task, seed, part, i).
FunctionPrompt drawPrompt(const FunctionConfig& task, std::uint64_t seed, FunctionPart part, std::int64_t i);

/// What x is multiplied by, and w: noise stays. Unknown weights stay unknown; of relu only truths and x change, so it is not asked of them.
FunctionPrompt scaled(FunctionPrompt prompt, double x, double w);
/// The query moved elsewhere; its truth follows where w is known, else it becomes unknown.
FunctionPrompt askedAt(FunctionPrompt prompt, std::span<const double> query);
/// Only the first points, at least 1, and the query.
FunctionPrompt withPoints(const FunctionPrompt& prompt, int points);

/// The position that answers at the query of a prompt of so many points.
int answerPosition(const ModelConfig& model, const FunctionConfig& task, int points);
/// The prompt as the model reads it, at the readout's positions the answers.
Sample promptSample(const ModelConfig& model, const FunctionConfig& task, const FunctionPrompt& prompt);
/// The points back from a sample's vectors (and values, if any); nothing where they are no prompt of this layout and dimension.
std::optional<FunctionPrompt> promptOf(const ModelConfig& model, const FunctionConfig& task, std::span<const float> vectors,
                                       std::span<const float> values = {});

}  // namespace lab
