#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/io/safetensors.h"

namespace lab {

/// A tensor as its bytes: little-endian numbers of a type of the format.
struct TypedTensor {
    std::string name;
    std::string_view type;  ///< "I8"
    std::vector<std::int64_t> shape;
    std::vector<std::string_view> pieces;  ///< its bytes, one piece behind the other; as many as shape and type say
};

/// Writes the tensors in their order, those of larger numbers first, or PyTorch cannot map them. All or nothing. Throws InputError when
/// that fails.
void writeTypedTensors(const std::filesystem::path& path, const std::vector<TypedTensor>& tensors, const Metadata& metadata);

}  // namespace lab
