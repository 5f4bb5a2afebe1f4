#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/pretrained/stored_tensors.h"

namespace lab {

/// A value of a GGUF file's keys; other lists than these are left aside.
using GgufValue = std::variant<std::monostate, std::int64_t, double, bool, std::string, std::vector<std::string>, std::vector<std::int64_t>,
                               std::vector<float>>;

/// The keys of a GGUF file (version 3); its tensors, under their own names, are added to `tensors`. Throws InputError naming the file and
/// the place of what is wrong; a file that claims more than it holds costs no memory.
std::map<std::string, GgufValue> addGguf(StoredTensors& tensors, const std::filesystem::path& path);

}  // namespace lab
