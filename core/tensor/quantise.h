#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

// Weights in few bits. What is computed with are always the floats that they stand for.

namespace lab {

/// A matrix in few bits, row after row.
struct PackedMatrix {
    std::vector<std::uint8_t> codes;  ///< [rows, bytes of a row]
    std::vector<float> scales;        ///< [rows] or [rows, groups]: what a code's unit is worth
    std::vector<float> minimums;      ///< like scales: what code 0 stands for; none where that is 0
};

/// One way to pack a matrix.
struct MatrixCode {
    std::string_view codeType;         ///< of safetensors: "I8", "U8"
    std::string_view numberType;       ///< of scales and minimums: "F32", "F16"
    bool hasMinimum = false;           ///< code 0 stands for a minimum; else for 0
    int leastCode = 0, mostCode = 0;   ///< of a number of codeType that a file may hold
    int (*codesPerRow)(int columns);   ///< numbers of codeType
    int (*groupsPerRow)(int columns);  ///< scales
    bool (*takes)(float value);        ///< false: the value is beyond what a scale or a minimum can say
    PackedMatrix (*pack)(const float* matrix, int rows, int columns);
    /// matrix [rows, columns] = what the codes stand for.
    void (*unpack)(const PackedMatrix& packed, int rows, int columns, float* matrix);

    /// Codes, scales and minimums, as they lie in a file.
    std::size_t bytes(int rows, int columns) const;
};

/// A choice of codes for a model's matrices. Vectors (biases, norms, what is learned of distances) stay 32-bit floats in each.
struct QuantisationScheme {
    std::string_view name;  ///< "int8", in files
    int bits = 0;           ///< of a weight of the hidden matrices, as commands have it
    SourceText title;       ///< "8 bits"
    SourceText help;
    const MatrixCode& hidden;  ///< of linear maps between activations
    const MatrixCode& tables;  ///< of embeddings, a bottleneck's tables and the map to the logits

    static std::span<const QuantisationScheme> table();
};

/// Null when there is none.
const QuantisationScheme* findQuantisation(std::string_view name);
const QuantisationScheme* findQuantisation(int bits);

/// How the scheme keeps a parameter; null: as 32-bit floats.
const MatrixCode* codeOf(const QuantisationScheme& scheme, const Parameter& parameter);
/// Rows and columns of a parameter that has a code.
int packedRows(const Parameter& parameter);
int packedColumns(const Parameter& parameter);

/// Throws InputError naming the parameter when a number of it is not finite or too large for the code.
PackedMatrix packed(const MatrixCode& code, const Parameter& parameter, const Weights& weights);

/// The weights that a model of this scheme computes with. Throws as packed().
Weights quantised(const Weights& weights, const ParameterLayout& layout, const QuantisationScheme& scheme);

/// Bytes of all weights as a file keeps them, without its header; null: 32-bit floats.
std::size_t storedBytes(const ParameterLayout& layout, const QuantisationScheme* scheme);

}  // namespace lab
