#include "core/io/tensor_types.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/errors.h"
#include "core/tensor/half.h"

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

template <class T>
std::size_t convertInteger(const char* bytes, std::size_t count, float* values) {
    constexpr T largestExact = T{1} << 24;
    for (std::size_t i = 0; i < count; ++i) {
        const T value = load<T>(bytes, i);
        const bool exact = value >= -largestExact && value <= largestExact;
        values[i] = exact ? static_cast<float>(value) : std::numeric_limits<float>::quiet_NaN();
    }
    return count;
}

template <class T>
void copyIntegers(const char* bytes, std::size_t count, std::int64_t* integers) {
    for (std::size_t i = 0; i < count; ++i) integers[i] = load<T>(bytes, i);
}

/// Numbers that every float holds exactly.
template <class T>
std::size_t convertByte(const char* bytes, std::size_t count, float* values) {
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(load<T>(bytes, i));
    return count;
}

std::size_t convertDouble(const char* bytes, std::size_t count, float* values) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = load<double>(bytes, i);
        values[i] = static_cast<float>(value);
        if (std::isfinite(value) && !std::isfinite(values[i])) return i;
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

constexpr std::array<TensorType, 10> types{{
    {"F64", 8, convertDouble, nullptr},
    {"F32", 4, convertFloat, nullptr},
    {"F16", 2, convertShort<fromHalf>, nullptr},
    {"BF16", 2, convertShort<fromBfloat>, nullptr},
    {"I64", 8, convertInteger<std::int64_t>, copyIntegers<std::int64_t>},
    {"I32", 4, convertInteger<std::int32_t>, copyIntegers<std::int32_t>},
    {"I8", 1, convertByte<std::int8_t>, nullptr},  // codes of quantised weights (core/tensor/quantise.h), no tokens
    {"U8", 1, convertByte<std::uint8_t>, nullptr},
    {"BOOL", 1, convertByte<std::uint8_t>, nullptr},  // masks that published models keep beside their weights
    {"I16", 2, convertByte<std::int16_t>, nullptr},
}};

}  // namespace

const TensorType* findTensorType(std::string_view name) {
    const auto found = std::ranges::find(types, name, &TensorType::name);
    return found == types.end() ? nullptr : &*found;
}

void requireFinite(const Tensor& tensor, const std::string& name, const Message& place) {
    const auto bad = std::ranges::find_if_not(tensor.values, [](float value) { return std::isfinite(value); });
    if (bad == tensor.values.end()) return;
    const SourceText problem = tensor.isInteger() ? LAB_TEXT("io", "tensor %1: value %2 does not fit a 32-bit float")
                                                  : LAB_TEXT("io", "tensor %1: value %2 is not finite");
    throw InputError(place, Message(problem).arg(name).arg(bad - tensor.values.begin()));
}

SourceText tensorTypeNames() {
    return LAB_TEXT("io", "F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL");
}

}  // namespace lab
