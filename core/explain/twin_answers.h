#pragma once

#include <vector>

#include "core/config/answer_cost.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// The twin's of core/layers/answer_cost.h: what label smoothing and z-loss add to the mean cross-entropy of rows with target >= 0, from
/// their definitions; [1, 1].
Node answerCostOf(Tape& tape, Node logits, const std::vector<int>& targets, const AnswerCost& cost);

}  // namespace lab::explain
