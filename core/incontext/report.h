#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/incontext/solvers.h"
#include "core/model/model.h"

namespace lab {

struct Experiment;

/// One number that the study of a model in the context gave.
struct InContextFigure {
    std::string measure;          ///< "loss-by-steps", "similarity-cosine"
    std::string of;               ///< "model", "zero", "construction" or the name of a solver
    std::optional<double> at;     ///< number of steps or examples, factor, share
    std::optional<double> value;  ///< nothing: undefined there
    std::optional<Method> method = std::nullopt;
};

struct InContextQuestion {
    int tasks = 10'000;
    std::uint64_t seed = 1;
    int mostSteps = 10;
    std::function<bool()> cancelled = {};
    std::function<void(double share)> progress = {};
};

/// Everything that this room measures of a model, of `experiment` resolved with task regression. Less when cancelled. Throws InputError
/// for models that do not read or answer its prompts.
std::vector<InContextFigure> inContextFigures(const Model& model, const Weights& weights, const Experiment& experiment,
                                              const InContextQuestion& question);

}  // namespace lab
