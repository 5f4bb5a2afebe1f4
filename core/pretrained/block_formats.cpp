#include "core/pretrained/block_formats.h"

#include <array>
#include <cstring>

#include "core/base/message.h"
#include "core/io/tensor_types.h"
#include "core/tensor/half.h"

// The block formats of GGUF (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): weights of few bits with a scale in common.

namespace lab {
namespace {

using Byte = unsigned char;

/// A little-endian half at the front of `bytes`.
float halfAt(const Byte* bytes) {
    return fromHalf(static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8));
}

/// A block at a time.
template <std::size_t numbers, std::size_t bytes, void (*readBlock)(const Byte*, float*)>
std::size_t eachBlock(const char* from, std::size_t count, float* to) {
    for (std::size_t i = 0; i < count / numbers; ++i) readBlock(reinterpret_cast<const Byte*>(from) + i * bytes, to + i * numbers);
    return count;
}

constexpr std::size_t small = 32, large = 256;  // numbers of a block

/// Half d; 32 signed bytes: d q.
void readQ8(const Byte* block, float* to) {
    const float d = halfAt(block);
    for (std::size_t i = 0; i < small; ++i) to[i] = d * static_cast<float>(static_cast<signed char>(block[2 + i]));
}

/// Low halves of bytes are the first 16 numbers, high ones the last.
void readNibbles(const Byte* nibbles, float scale, float shift, float* to) {
    for (std::size_t i = 0; i < small / 2; ++i) {
        to[i] = scale * static_cast<float>(nibbles[i] & 15) + shift;
        to[i + small / 2] = scale * static_cast<float>(nibbles[i] >> 4) + shift;
    }
}

/// Half d; 16 bytes: d (q - 8).
void readQ40(const Byte* block, float* to) {
    const float d = halfAt(block);
    readNibbles(block + 2, d, -8 * d, to);
}

/// Halves d and m; 16 bytes: d q + m.
void readQ41(const Byte* block, float* to) {
    readNibbles(block + 4, halfAt(block), halfAt(block + 2), to);
}

/// Scale and minimum of part `part` of eight, six bits each in 12 bytes: those of the first four in the low bits of bytes 0 .. 3 and 4 ..
/// 7; of the others four bits in bytes 8 .. 11 and two in the high bits of those before.
struct PartScale {
    float scale, minimum;
};
PartScale partScale(const Byte* packed, std::size_t part) {
    if (part < 4) return {static_cast<float>(packed[part] & 63), static_cast<float>(packed[part + 4] & 63)};
    const int low = packed[part + 4], scaleHigh = packed[part - 4] >> 6, minimumHigh = packed[part] >> 6;
    return {static_cast<float>((low & 15) | scaleHigh << 4), static_cast<float>(low >> 4 | minimumHigh << 4)};
}

/// Halves d and m; 12 bytes of scales; 128 bytes, of which each 32 hold two parts: d scale q - m minimum.
void readQ4K(const Byte* block, float* to) {
    const float d = halfAt(block), m = halfAt(block + 2);
    const Byte* packed = block + 4;
    const Byte* nibbles = block + 16;
    for (std::size_t part = 0; part < large / small; ++part) {
        const auto [scale, minimum] = partScale(packed, part);
        const Byte* own = nibbles + part / 2 * small;
        const int shift = part % 2 == 0 ? 0 : 4;
        for (std::size_t i = 0; i < small; ++i) to[part * small + i] = d * scale * static_cast<float>(own[i] >> shift & 15) - m * minimum;
    }
}

/// 128 bytes of low four bits, 64 of high two, 16 signed scales, half d: d scale (q - 32).
void readQ6K(const Byte* block, float* to) {
    const Byte *low = block, *high = block + 128, *scales = block + 192;
    const float d = halfAt(block + 208);
    for (std::size_t i = 0; i < large; ++i) {
        const std::size_t half = i / 128, part = i % 128 / 32, at = i % 32;  // each half: four parts of 32 share bytes
        const int four = low[half * 64 + part % 2 * 32 + at] >> (part / 2 * 4) & 15;
        const int two = high[half * 32 + at] >> (2 * part) & 3;
        const auto scale = static_cast<float>(static_cast<signed char>(scales[i / 16]));
        to[i] = d * scale * static_cast<float>((four | two << 4) - 32);
    }
}

struct FormatRow {
    std::uint32_t kind;
    NumberFormat format;
};

const std::array<FormatRow, 8>& rows() {
    const auto plain = [](std::string_view name) {
        const TensorType* type = findTensorType(name);
        return NumberFormat{type->name, 1, type->size, type->convert};
    };
    static const std::array<FormatRow, 8> all{{{0, plain("F32")},
                                         {1, plain("F16")},
                                         {2, {"Q4_0", small, 18, eachBlock<small, 18, readQ40>}},
                                         {3, {"Q4_1", small, 20, eachBlock<small, 20, readQ41>}},
                                         {8, {"Q8_0", small, 34, eachBlock<small, 34, readQ8>}},
                                         {12, {"Q4_K", large, 144, eachBlock<large, 144, readQ4K>}},
                                         {14, {"Q6_K", large, 210, eachBlock<large, 210, readQ6K>}},
                                         {30, plain("BF16")}}};
    return all;
}

}  // namespace

const NumberFormat* blockFormat(std::uint32_t kind) {
    for (const FormatRow& row : rows())
        if (row.kind == kind) return &row.format;
    return nullptr;
}

std::string blockFormatNames() {
    std::vector<std::string> names;
    for (const FormatRow& row : rows()) names.emplace_back(row.format.name);
    return together(names).english();
}

}  // namespace lab
