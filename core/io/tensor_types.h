#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/message.h"
#include "core/tensor/named_tensors.h"

// The number types of safetensors files.

namespace lab {

/// How numbers of one type become floats.
struct TensorType {
    std::string_view name;  ///< "BF16"
    std::size_t size;       ///< bytes of one number
    /// Converts `count` little-endian numbers; returns the index of the first that a float cannot hold (a double beyond float's range),
    /// or `count`. Of integers that no float holds exactly (beyond 2^24) it makes NaN.
    std::size_t (*convert)(const char* bytes, std::size_t count, float* values);
    /// The same numbers exactly; null for types that are no integers.
    void (*copyIntegers)(const char* bytes, std::size_t count, std::int64_t* integers);
};

/// Null for a type that is not read.
const TensorType* findTensorType(std::string_view name);

/// Throws InputError with `place` in front of a sentence that names the tensor and its first number that is no finite float.
void requireFinite(const Tensor& tensor, const std::string& name, const Message& place);

/// "F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL".
SourceText tensorTypeNames();

}  // namespace lab
