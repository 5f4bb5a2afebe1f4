#include "core/analysis/map_stage.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lab {
namespace {

/// |v_j| of each key-value head, [G, S].
std::vector<float> valueLengths(const Tensor& value) {
    const auto width = static_cast<std::size_t>(value.extent(2));
    std::vector<float> lengths(value.values.size() / std::max<std::size_t>(width, 1));
    for (std::size_t j = 0; j < lengths.size(); ++j) {
        double squares = 0.0;
        for (std::size_t p = 0; p < width; ++p) {
            const double x = value.values[j * width + p];
            squares += x * x;
        }
        lengths[j] = static_cast<float>(std::sqrt(squares));
    }
    return lengths;
}

std::shared_ptr<const float> weightedValues(const Trace& trace, const AttentionBlock& block) {
    const Tensor* weights = trace.find(block.name + ".weights");
    const Tensor* value = trace.find(block.name + ".value");
    if (!weights || !value) return nullptr;
    const std::vector<float> lengths = valueLengths(*value);
    auto result = std::make_shared<std::vector<float>>(weights->values);
    const auto rows = static_cast<std::size_t>(weights->extent(1)), keys = static_cast<std::size_t>(weights->extent(2));
    for (int head = 0; head < block.heads; ++head) {
        const float* length = lengths.data() + static_cast<std::size_t>(head / (block.heads / block.kvHeads)) * keys;
        float* map = result->data() + static_cast<std::size_t>(head) * rows * keys;
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < keys; ++j) map[i * keys + j] *= length[j];
    }
    return {result, result->data()};
}

/// A stage's name, and the tensor of a block that it shows: `before` BLOCK `behind`.
struct StageRow {
    std::string_view name;
    const char* before;
    const char* behind;
    bool isSigned;
};

/// In the order of MapStage.
constexpr std::array<StageRow, mapStageList.size() + kernelStageList.size()> table{{
    {"scores", "", ".scores", true},
    {"masked_scores", "", ".masked_scores", true},
    {"weights", "", ".weights", false},
    {"weights_times_value_length", "", ".weights", false},  // and the values: weightedValues()
    {"gradient_of_scores", "gradient.", ".scores", true},
    {"gradient_of_weights", "gradient.", ".weights", true},
    {"exact_weights", "", ".exact_weights", false},
    {"decay", "", ".decay", false},
}};

const StageRow& rowOf(MapStage stage) {
    return table[static_cast<std::size_t>(stage)];
}

}  // namespace

std::string mapStageName(MapStage stage) {
    return std::string(rowOf(stage).name);
}

std::vector<std::string> mapStageNames() {
    std::vector<std::string> names;
    for (const StageRow& row : table) names.emplace_back(row.name);
    return names;
}

std::optional<MapStage> findMapStage(std::string_view name) {
    const auto found = std::ranges::find(table, name, &StageRow::name);
    return found == table.end() ? std::nullopt : std::optional(static_cast<MapStage>(found - table.begin()));
}

bool hasStage(const AttentionConfig& attention, MapStage stage) {
    const KernelSpec& kernel = specOf(attention.kernel.kind);
    if (stage == MapStage::exactWeights) return kernel.drawn || (kernel.scores && attention.differential);
    return stage != MapStage::decay || kernel.decays();
}

bool isSigned(MapStage stage) {
    return rowOf(stage).isSigned;
}

bool needsGradients(MapStage stage) {
    return *rowOf(stage).before != '\0';
}

std::shared_ptr<const float> stageValues(const std::shared_ptr<const Trace>& trace, const AttentionBlock& block, MapStage stage) {
    if (!trace) return nullptr;
    if (stage == MapStage::weightedValues) return weightedValues(*trace, block);
    const Tensor* tensor = trace->find(rowOf(stage).before + block.name + rowOf(stage).behind);
    for (const char* other : {".softmax_weights", ".weights"})
        if (!tensor && stage == MapStage::exactWeights) tensor = trace->find(block.name + other);
    return tensor ? std::shared_ptr<const float>(trace, tensor->values.data()) : nullptr;
}

double largestMagnitude(const float* values, std::size_t count) {
    float largest = 0.0F;
    for (std::size_t i = 0; i < count; ++i)
        if (std::isfinite(values[i])) largest = std::max(largest, std::abs(values[i]));
    return largest;
}

double scaleBound(double magnitude) {
    if (!(magnitude > 0.0)) return 1.0;
    const double power = std::pow(10.0, std::floor(std::log10(magnitude)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (magnitude <= step * power * (1.0 + 1e-9)) return step * power;
    return 10.0 * power;
}

}  // namespace lab
