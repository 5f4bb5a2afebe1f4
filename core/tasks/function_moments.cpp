#include "core/tasks/function_moments.h"

namespace lab {

std::optional<FunctionMoments> momentsOf(const FunctionConfig& task) {
    if (!specOf(task.function).isLinear) return std::nullopt;
    FunctionMoments moments;
    moments.dimensions = task.dimensions;
    moments.points = task.points;
    const double squareOfScale = task.input_scale * task.input_scale;
    const bool uniform = task.inputs == InputDraw::uniform;
    moments.variance = uniform ? squareOfScale / 12 : squareOfScale;
    moments.kurtosis = uniform ? 1.8 : 3;
    const double share = task.function == FunctionKind::sparse ? static_cast<double>(task.nonzero) / task.dimensions : 1;
    moments.weight = share * task.weight_scale * task.weight_scale;
    moments.noise = task.noise * task.noise;
    return moments;
}

FunctionMoments scaled(FunctionMoments moments, double x, double w) {
    moments.variance *= x * x;
    moments.weight *= w * w;
    return moments;
}

double bestOneStep(const FunctionMoments& m) {
    if (m.weight <= 0 || m.variance <= 0) return 0;
    const double reach = m.points + m.dimensions + m.kurtosis - 2;
    return m.points / (m.variance * reach + m.noise / m.weight);
}

}  // namespace lab
