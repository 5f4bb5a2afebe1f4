#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/model.h"
#include "core/tasks/task_config.h"

namespace lab {

/// A small picture of a map: row-major, 0 .. 1. Of long sequences several queries are averaged and several keys summed, so that a cell is
/// the weight that its queries give to its keys.
struct KeptMap {
    static constexpr int largest = 24;  ///< rows and columns at the most

    int rows = 0, columns = 0;
    std::vector<float> weights;
};

/// Of the head that spreads its weight least; in an encoder-decoder of the cross-attention's.
KeptMap sharpestMap(const Model& model, const TaskConfig& task, const Trace& trace);

/// "ROWS COLUMNS HEX", two digits a weight.
std::string keptMapText(const KeptMap& map);
/// Nothing for what no map gives.
std::optional<KeptMap> parseKeptMap(std::string_view text);

}  // namespace lab
