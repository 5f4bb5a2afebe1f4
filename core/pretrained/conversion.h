#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/base/watched_reading.h"
#include "core/pretrained/name_table.h"

namespace lab {

/// Whether a tensor's name is one of these, where * stands for anything.
bool isNamedBy(std::span<const std::string_view> patterns, std::string_view name);

/// Their numbers as our flat vector: all tensors are checked before anything is computed, then read one after the other: memory is
/// taken for the vector and for one tensor. `notes` gets what was left aside. Throws InputError naming tensor and file: missing, left over,
/// of another shape, not finite; also when the numbers do not fit into the memory that there is, or the watch wants no more.
Weights convertedWeights(const NameTable& names, std::span<const std::string_view> ignored, const Watch& watch,
                         std::vector<Message>& notes);

}  // namespace lab
