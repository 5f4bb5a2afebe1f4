#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/tensor/named_tensors.h"

// The safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length, a JSON header, then the data.

namespace lab {

/// Bytes, as the format's own reader has it: longer ones are neither read nor written.
inline constexpr std::uint64_t largestHeader = 100'000'000;

using Metadata = std::map<std::string, std::string>;

struct TensorFile {
    NamedTensors tensors;
    Metadata metadata;
};

/// Reads F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL tensors. Throws InputError naming the file and what is wrong with it; a file
/// that claims more than it holds costs no memory.
TensorFile readSafetensors(const std::filesystem::path& path, const Watch& watch = {});
/// The same from memory; `name` stands in messages.
TensorFile parseSafetensors(std::string_view bytes, const std::string& name);

/// The metadata alone, read from the file's beginning; the tensors' entries are not looked at.
Metadata readSafetensorsMetadata(const std::filesystem::path& path);

/// A tensor of 32-bit floats that lies in pieces, one behind the other in the file: what is large is written without a copy.
struct ScatteredTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<std::span<const float>> pieces;  ///< together as many numbers as the shape says
};

/// Writes F32 (and I64 for integer tensors), all or nothing. Throws InputError when that fails.
void writeSafetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata = {},
                      const std::vector<ScatteredTensor>& scattered = {});

/// Whether the file begins like one, whatever it is called; false when it cannot be read.
bool looksLikeSafetensors(const std::filesystem::path& path);

/// "[32, 16]".
std::string shapeText(const std::vector<std::int64_t>& shape);

}  // namespace lab
