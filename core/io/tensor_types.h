#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/message.h"

// The number types of safetensors files. For core/io's own sources.

namespace lab {

/// How numbers of one type become floats.
struct TensorType {
    std::string_view name;  ///< "BF16"
    std::size_t size;       ///< bytes of one number
    bool integer;
    /// Converts `count` little-endian numbers; returns the index of the first that a float cannot hold (an integer beyond 2^24, a double
    /// beyond float's range), or `count`.
    std::size_t (*convert)(const char* bytes, std::size_t count, float* values);
};

/// Null for a type that is not read.
const TensorType* findTensorType(std::string_view name);

/// "F64, F32, F16, BF16, I64 and I32".
SourceText tensorTypeNames();

}  // namespace lab
