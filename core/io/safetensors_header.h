#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/platform_reading.h"
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
    std::uint64_t dataBegin = 0;  ///< where the data begin in the file
};

/// Reads nothing but the header. Checked: each tensor lies within the data, and together they are all of it. Throws InputError as
/// readSafetensors does.
SafetensorsHeader readSafetensorsHeader(const RandomAccessFile& file);

}  // namespace lab
