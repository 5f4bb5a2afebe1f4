#pragma once

#include <functional>
#include <optional>

#include "core/analysis/rollout.h"

namespace lab {

/// The longest input whose attention flow is computed: n^2 maximum flows.
constexpr int maxFlowLength = 32;

/// Attention flow (Abnar & Zuidema 2020): from each position above the top layer to each input position the maximum flow through the
/// layered graph whose edge from (layer l, i) to (layer l - 1, j) has the capacity layers[l](i, j); then each row divided by its sum.
/// `cancelled` is asked after every row; nothing is returned then.
std::optional<AttentionMatrix> attentionFlow(const std::vector<AttentionMatrix>& layers, const std::function<bool()>& cancelled = {});

/// Before the division: what can flow from position i above the top layer to input position j.
double maximumFlow(const std::vector<AttentionMatrix>& layers, int i, int j);

}  // namespace lab
