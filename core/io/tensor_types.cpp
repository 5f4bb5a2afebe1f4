#include "core/io/tensor_types.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace lab {
namespace {

template <class T>
T load(const char* bytes, std::size_t index) {
    std::array<char, sizeof(T)> raw;
    std::memcpy(raw.data(), bytes + index * sizeof(T), sizeof(T));
    if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(raw);
    return std::bit_cast<T>(raw);
}

float fromBfloat(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

/// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 mantissa bits.
float fromHalf(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1Fu;
    const std::uint32_t mantissa = bits & 0x3FFu;
    if (exponent == 0) {  // zero and subnormals: mantissa * 2^-24
        const float size = std::ldexp(static_cast<float>(mantissa), -24);
        return sign != 0 ? -size : size;
    }
    const std::uint32_t widened = exponent == 0x1F ? 0xFFu : exponent - 15 + 127;
    return std::bit_cast<float>(sign | (widened << 23) | (mantissa << 13));
}

bool fits(std::int64_t value) {
    constexpr std::int64_t largestExact = std::int64_t{1} << 24;
    return value >= -largestExact && value <= largestExact;
}

bool fits(double value) {
    return !std::isfinite(value) || std::isfinite(static_cast<float>(value));
}

template <class T>
std::size_t convertChecked(const char* bytes, std::size_t count, float* values) {
    for (std::size_t i = 0; i < count; ++i) {
        const T value = load<T>(bytes, i);
        using Wide = std::conditional_t<std::is_integral_v<T>, std::int64_t, double>;
        if (!fits(static_cast<Wide>(value))) return i;
        values[i] = static_cast<float>(value);
    }
    return count;
}

std::size_t convertFloat(const char* bytes, std::size_t count, float* values) {
    for (std::size_t i = 0; i < count; ++i) values[i] = load<float>(bytes, i);
    return count;
}

template <float (*widen)(std::uint16_t)>
std::size_t convertShort(const char* bytes, std::size_t count, float* values) {
    for (std::size_t i = 0; i < count; ++i) values[i] = widen(load<std::uint16_t>(bytes, i));
    return count;
}

constexpr std::array<TensorType, 6> types{{
    {"F64", 8, false, convertChecked<double>},
    {"F32", 4, false, convertFloat},
    {"F16", 2, false, convertShort<fromHalf>},
    {"BF16", 2, false, convertShort<fromBfloat>},
    {"I64", 8, true, convertChecked<std::int64_t>},
    {"I32", 4, true, convertChecked<std::int32_t>},
}};

}  // namespace

const TensorType* findTensorType(std::string_view name) {
    const auto found = std::ranges::find(types, name, &TensorType::name);
    return found == types.end() ? nullptr : &*found;
}

SourceText tensorTypeNames() {
    return LAB_TEXT("io", "F64, F32, F16, BF16, I64 and I32");
}

}  // namespace lab
