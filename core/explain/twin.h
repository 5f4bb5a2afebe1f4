#pragma once

#include <memory>
#include <string>

#include "core/explain/walk.h"

namespace lab::explain {

/// The whole model once more, in double precision and from its definition alone: what a Trace holds, under the same names, with gradients
/// when the input has targets: those of the loss and of what training adds to it. Shares no code with layers' forward and backward passes
/// or their kernels.
std::shared_ptr<const DoubleTrace> twinTrace(const Model& model, const Weights& weights, const Input& input, const AnswerCost& cost = {});

/// How far a stage's numbers lie from the twin's.
struct Check {
    double difference = 0.0;  ///< the largest
    bool agrees = true;       ///< within what single precision explains
    CellRef worst;
    double here = 0.0, there = 0.0;  ///< the two numbers of the worst cell
};

/// Both walks of the same question; compares every number of the stage, and every result with its own expression.
Check checkStage(const Stage& stage, const Stage& ofTwin);

/// "✓ checked: max difference 3e−7"
Message checkText(const Check& check);

}  // namespace lab::explain
