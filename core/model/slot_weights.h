#pragma once

#include "core/tensor/parameter_layout.h"

namespace lab {

struct ModelConfig;

/// One step of gradient descent, and of GD++ what it does to x, divided by the number of points.
struct StepOverPoints {
    double eta = 0;
    double gamma = 0;  ///< only one head can carry it
};

/// Whether a parameter is one that the stream's slots fix (init slots): the map of the vectors, and what reads the answer.
bool isSlotMap(const Parameter& parameter);
/// Identity for the vectors' map, -1 at the last number for the answer's; biases 0.
void fillSlotMap(const Parameter& parameter, const ModelConfig& config, float* values);

/// Fills a matrix of attention so that its layer is the step: W_Q = W_K read x, values are -y (and -x), W_O scales them. The sum over heads
/// is that of one: each meets with its share of x and adds the same value. Other parameters become 0.
void fillStep(const Parameter& parameter, const ModelConfig& config, const StepOverPoints& step, float* values);

}  // namespace lab
