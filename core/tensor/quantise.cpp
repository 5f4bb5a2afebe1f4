#include "core/tensor/quantise.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/base/errors.h"
#include "core/tensor/half.h"

namespace lab {
namespace {

std::size_t sizeOf(int count) {
    return static_cast<std::size_t>(count);
}

// 8 bits, symmetric: a row's scale is its largest size / 127, so that 0 stays 0 and no code is beyond +-127.

constexpr int largestByte = 127;

int oneEach(int columns) {
    return columns;
}
int oneScale(int) {
    return 1;
}
bool takesFinite(float value) {
    return std::isfinite(value);
}

PackedMatrix packBytes(const float* matrix, int rows, int columns) {
    PackedMatrix packed{std::vector<std::uint8_t>(sizeOf(rows) * sizeOf(columns)), std::vector<float>(sizeOf(rows)), {}};
    for (int r = 0; r < rows; ++r) {
        const float* row = matrix + sizeOf(r) * sizeOf(columns);
        float largest = 0;
        for (int c = 0; c < columns; ++c) largest = std::max(largest, std::abs(row[c]));
        float scale = largest / largestByte;
        if (!std::isfinite(scale * largestByte)) scale = std::nextafter(scale, 0.0f);  // of the largest float, rounded up
        packed.scales[sizeOf(r)] = scale;
        if (scale == 0.0f) continue;
        for (int c = 0; c < columns; ++c) {
            const double code = std::clamp(std::round(double{row[c]} / scale), -double{largestByte}, double{largestByte});
            packed.codes[sizeOf(r) * sizeOf(columns) + sizeOf(c)] = static_cast<std::uint8_t>(static_cast<std::int8_t>(code));
        }
    }
    return packed;
}

void unpackBytes(const PackedMatrix& packed, int rows, int columns, float* matrix) {
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const std::size_t at = sizeOf(r) * sizeOf(columns) + sizeOf(c);
            matrix[at] = static_cast<float>(static_cast<std::int8_t>(packed.codes[at])) * packed.scales[sizeOf(r)];
        }
}

// 4 bits, asymmetric: groups of 32 numbers of a row, the last one shorter, each with minimum and scale. The minimum is rounded down and
// the scale up, so that every number lies within the 16 steps and is at most half a step away from one.

constexpr int groupSize = 32, largestNibble = 15;

int twoEach(int columns) {
    return (columns + 1) / 2;
}
int groupsOf(int columns) {
    return (columns + groupSize - 1) / groupSize;
}
/// A group's range, too, must be a half's: its scale is a 15th of it at most.
bool takesHalf(float value) {
    return std::abs(value) <= largestHalf;  // false for what is no number
}

struct Group {
    float minimum, scale;
};

Group groupOf(const float* numbers, int count) {
    const auto [least, most] = std::minmax_element(numbers, numbers + count);
    const float minimum = fromHalf(halfBelow(*least));
    const double step = (double{*most} - double{minimum}) / largestNibble;
    float scale = static_cast<float>(step);
    if (double{scale} < step) scale = std::nextafter(scale, std::numeric_limits<float>::infinity());
    return {minimum, fromHalf(halfAbove(scale))};
}

PackedMatrix packNibbles(const float* matrix, int rows, int columns) {
    const std::size_t bytes = sizeOf(twoEach(columns)), groups = sizeOf(groupsOf(columns));
    PackedMatrix packed{std::vector<std::uint8_t>(sizeOf(rows) * bytes), std::vector<float>(sizeOf(rows) * groups),
                        std::vector<float>(sizeOf(rows) * groups)};
    for (int r = 0; r < rows; ++r) {
        const float* row = matrix + sizeOf(r) * sizeOf(columns);
        for (int first = 0; first < columns; first += groupSize) {
            const int count = std::min(groupSize, columns - first);
            const Group group = groupOf(row + first, count);
            const std::size_t g = sizeOf(r) * groups + sizeOf(first / groupSize);
            packed.scales[g] = group.scale;
            packed.minimums[g] = group.minimum;
            if (group.scale == 0.0f) continue;
            for (int c = first; c < first + count; ++c) {
                const double code = std::round((double{row[c]} - double{group.minimum}) / group.scale);
                const auto nibble = static_cast<unsigned>(std::clamp(code, 0.0, double{largestNibble}));
                std::uint8_t& byte = packed.codes[sizeOf(r) * bytes + sizeOf(c / 2)];
                byte = static_cast<std::uint8_t>(byte | (c % 2 == 0 ? nibble : nibble << 4));
            }
        }
    }
    return packed;
}

void unpackNibbles(const PackedMatrix& packed, int rows, int columns, float* matrix) {
    const std::size_t bytes = sizeOf(twoEach(columns)), groups = sizeOf(groupsOf(columns));
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const std::size_t g = sizeOf(r) * groups + sizeOf(c / groupSize);
            const unsigned byte = packed.codes[sizeOf(r) * bytes + sizeOf(c / 2)];
            const unsigned nibble = c % 2 == 0 ? byte & 15u : byte >> 4;
            matrix[sizeOf(r) * sizeOf(columns) + sizeOf(c)] = packed.minimums[g] + packed.scales[g] * static_cast<float>(nibble);
        }
}

constexpr MatrixCode byteRows{"I8", "F32", false, -largestByte, largestByte, oneEach, oneScale, takesFinite, packBytes, unpackBytes};
constexpr MatrixCode nibbleGroups{"U8", "F16", true, 0, 255, twoEach, groupsOf, takesHalf, packNibbles, unpackNibbles};

const std::array<QuantisationScheme, 2> schemes{{
    {"int8", 8, LAB_TEXT("quantise", "8 bits"),
     LAB_TEXT("quantise", "Each row of a matrix as integers from -127 to 127 times one 32-bit scale."), byteRows, byteRows},
    {"int4", 4, LAB_TEXT("quantise", "4 bits"),
     LAB_TEXT("quantise",
              "Each group of 32 weights of a row as integers from 0 to 15 times a 16-bit scale, on top of a 16-bit minimum: 5 bits a "
              "weight in all. Embeddings, a bottleneck's tables and the map to the logits are kept at 8 bits."),
     nibbleGroups, byteRows},
}};

bool isTable(const Parameter& parameter) {
    return parameter.role == ParameterRole::tokenTable || parameter.role == ParameterRole::inputMap ||
           parameter.role == ParameterRole::classVector || parameter.role == ParameterRole::positionTable ||
           parameter.role == ParameterRole::segmentTable || parameter.role == ParameterRole::slotTable ||
           parameter.role == ParameterRole::outputHead;
}

}  // namespace

std::size_t MatrixCode::bytes(int rows, int columns) const {
    const std::size_t number = numberType == "F16" ? 2 : 4;
    return sizeOf(rows) * (sizeOf(codesPerRow(columns)) + sizeOf(groupsPerRow(columns)) * number * (hasMinimum ? 2 : 1));
}

std::span<const QuantisationScheme> QuantisationScheme::table() {
    return schemes;
}

const QuantisationScheme* findQuantisation(std::string_view name) {
    const auto found = std::ranges::find(schemes, name, &QuantisationScheme::name);
    return found == schemes.end() ? nullptr : &*found;
}

const QuantisationScheme* findQuantisation(int bits) {
    const auto found = std::ranges::find(schemes, bits, &QuantisationScheme::bits);
    return found == schemes.end() ? nullptr : &*found;
}

int packedColumns(const Parameter& parameter) {
    return parameter.shape.back();
}

int packedRows(const Parameter& parameter) {
    return static_cast<int>(parameter.size) / packedColumns(parameter);
}

const MatrixCode* codeOf(const QuantisationScheme& scheme, const Parameter& parameter) {
    if (!parameter.isMatrix() || packedRows(parameter) < 2) return nullptr;  // one row is a vector
    if (parameter.role == ParameterRole::scoreBias) return nullptr;          // a number or a vector of each head, laid out as a matrix
    return isTable(parameter) ? &scheme.tables : &scheme.hidden;
}

PackedMatrix packed(const MatrixCode& code, const Parameter& parameter, const Weights& weights) {
    const float* matrix = at(weights, parameter);
    const float* bad = std::find_if_not(matrix, matrix + parameter.size, code.takes);
    if (bad != matrix + parameter.size) {
        const SourceText problem = std::isfinite(*bad) ? LAB_TEXT("quantise", "value %1, %2, is too large for a 16-bit minimum")
                                                       : LAB_TEXT("quantise", "value %1, %2, is not finite");
        throw InputError(parameter.name, Message(problem).arg(bad - matrix).arg(double{*bad}));
    }
    return code.pack(matrix, packedRows(parameter), packedColumns(parameter));
}

Weights quantised(const Weights& weights, const ParameterLayout& layout, const QuantisationScheme& scheme) {
    assert(weights.size() == layout.flatSize());
    Weights result = weights;
    for (const Parameter& parameter : layout.parameters())
        if (const MatrixCode* code = codeOf(scheme, parameter))
            code->unpack(packed(*code, parameter, weights), packedRows(parameter), packedColumns(parameter), at(result, parameter));
    return result;
}

std::size_t storedBytes(const ParameterLayout& layout, const QuantisationScheme* scheme) {
    std::size_t bytes = 0;
    for (const Parameter& parameter : layout.parameters()) {
        const MatrixCode* code = scheme ? codeOf(*scheme, parameter) : nullptr;
        bytes += code ? code->bytes(packedRows(parameter), packedColumns(parameter)) : parameter.size * sizeof(float);
    }
    return bytes;
}

}  // namespace lab
