#pragma once

#include <vector>

#include "core/model/model.h"

namespace lab {

/// Whether a row of its weights adds up to 1, or to less where the rest goes to a sink; else they are of any size and sign.
bool areShares(const AttentionBlock& block);

/// One head's weights [queries, keys] as shares of each row: as they are, or where they are of any size and sign (areShares) the
/// size of each divided by the sum of the row's sizes. So "where does it look" has an answer there too; which way it pulls is left out.
std::vector<float> weightShares(const AttentionBlock& block, const Tensor& weights, int head);

}  // namespace lab
