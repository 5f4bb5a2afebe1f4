#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/analysis/ablation.h"

namespace lab {

/// What switching off one head at a time costs.
struct HeadCosts {
    std::optional<double> loss;  ///< of the whole model, nats a token; nothing where nothing is asked of it (AblationJudge)
    std::vector<double> heads;   ///< block after block: nats a token more; or 1 - cosine of the model's mean output with the whole model's
};

/// As many passes over all samples as there are heads; a pure function, dropout off, one thread. Nothing when cancelled. Throws InputError
/// for samples that the model cannot take.
std::optional<HeadCosts> headCosts(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                   const std::function<bool()>& cancelled = {}, const std::function<void(int done, int of)>& told = {});

}  // namespace lab
