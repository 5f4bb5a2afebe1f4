#include "core/model/slot_weights.h"

#include <algorithm>

#include "core/config/model_config.h"

namespace lab {
namespace {

constexpr std::string_view vectorMap = "input_embedding.", answerMap = "output.projection.";

/// A matrix [rows, columns] of a parameter.
class SlotMatrix {
public:
    SlotMatrix(const Parameter& parameter, float* values) : m_columns(parameter.shape.back()), m_values(values) {}
    float& operator()(int row, int column) { return m_values[static_cast<std::ptrdiff_t>(row) * m_columns + column]; }

private:
    int m_columns;
    float* m_values;
};

/// The channel that carries head h's value of y: the last of its own.
int channelOfLabel(const ModelConfig& config, int head) {
    return (head + 1) * config.headDim() - 1;
}

}  // namespace

bool isSlotMap(const Parameter& parameter) {
    return parameter.name.starts_with(vectorMap) || parameter.name.starts_with(answerMap);
}

void fillSlotMap(const Parameter& parameter, const ModelConfig& config, float* values) {
    std::fill_n(values, parameter.size, 0.0f);
    if (!parameter.isMatrix()) return;
    SlotMatrix matrix(parameter, values);
    if (parameter.name.starts_with(answerMap)) {
        matrix(0, *config.input_dim - 1) = -1;
        return;
    }
    for (int i = 0; i < *config.input_dim; ++i) matrix(i, i) = 1;
}

void fillStep(const Parameter& parameter, const ModelConfig& config, const StepOverPoints& step, float* values) {
    std::fill_n(values, parameter.size, 0.0f);
    if (!parameter.isMatrix()) return;
    SlotMatrix matrix(parameter, values);
    const int label = *config.input_dim - 1;
    const auto is = [&](std::string_view part) { return parameter.name.ends_with(part); };
    if (is("attention.query.weight") || is("attention.key.weight"))
        for (int i = 0; i < label; ++i) matrix(i, i) = 1;
    if (is("attention.value.weight")) {
        for (int h = 0; h < config.num_heads; ++h) matrix(channelOfLabel(config, h), label) = -1;
        for (int i = 0; i < label && step.gamma != 0; ++i) matrix(i, i) = -1;
    }
    if (is("attention.output.weight")) {
        for (int h = 0; h < config.num_heads; ++h) matrix(label, channelOfLabel(config, h)) = static_cast<float>(step.eta);
        for (int i = 0; i < label && step.gamma != 0; ++i) matrix(i, i) = static_cast<float>(step.gamma);
    }
}

}  // namespace lab
