#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/safetensors.h"
#include "core/io/tensor_types.h"

namespace lab {

/// Where one tensor lies in a safetensors file.
struct SafetensorsEntry {
    std::string name;
    const TensorType* type = nullptr;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;  ///< in the data behind the header
    std::uint64_t end = 0;
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> entries;  ///< as they lie in the file
    Metadata metadata;
    std::string_view data;  ///< of the bytes that were given
};

/// Checked: each tensor lies within the data, and together they are all of it. Throws InputError as readSafetensors does.
SafetensorsHeader parseSafetensorsHeader(std::string_view bytes, const std::string& name);

}  // namespace lab
