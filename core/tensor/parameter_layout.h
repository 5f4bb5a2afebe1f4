#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// What a parameter is for: decides how it is initialised (FORMATS.md 1, Initialisation).
enum class ParameterRole {
    tokenTable,
    tokenBias,
    inputMap,     ///< from the numbers of a vector to d_model
    classVector,  ///< stands before the others
    positionTable,
    slotTable,       ///< of a bottleneck: queries, vectors of codes, what a slot adds to the decoder's memory
    attentionInput,  ///< query, key and value weights
    attentionOutput,
    attentionBias,  ///< of query, key, value and output
    positionMap,
    positionMapBias,
    linear,
    linearBias,
    residualOutput,  ///< feed-forward down, which adds to the residual stream
    outputHead,      ///< gives the logits
    normWeight,
    normBias,
};

/// One named parameter inside the flat vector of weights.
struct Parameter {
    std::string name;        ///< as in the checkpoint (FORMATS.md 2): "encoder.0.attention.key.weight"
    std::vector<int> shape;  ///< row-major; matrices are [out, in]
    std::size_t offset = 0;  ///< in scalars, a multiple of 16
    std::size_t size = 0;    ///< product of the shape
    ParameterRole role = ParameterRole::linear;
    int fanOut = 0;  ///< outputs of the fused matrix it belongs to (query, key and value together), else its own
    int fanIn = 0;   ///< inputs of the linear map that it is part of

    bool isMatrix() const { return shape.size() >= 2; }
    /// A linear map between activations: a matrix that is neither a table of vectors nor the map to the logits.
    bool isHiddenMatrix() const {
        return role == ParameterRole::attentionInput || role == ParameterRole::attentionOutput || role == ParameterRole::residualOutput ||
               (role == ParameterRole::linear && isMatrix());
    }
};

/// The ordered table of a model's parameters. It alone drives initialisation, optimizer, gradient buffers, checkpoints, history
/// and the parameter view.
class ParameterLayout {
public:
    /// Appends a parameter and returns its index.
    int add(std::string name, std::vector<int> shape, ParameterRole role, int fanOut, int fanIn);

    const std::vector<Parameter>& parameters() const { return m_parameters; }
    const Parameter& operator[](int index) const { return m_parameters[static_cast<std::size_t>(index)]; }
    /// Null when there is no such parameter.
    const Parameter* find(std::string_view name) const;
    /// Where the parameter behind `index` begins: its numbers and the gap after them end there.
    std::size_t endOf(std::size_t index) const { return index + 1 < m_parameters.size() ? m_parameters[index + 1].offset : m_flatSize; }

    /// Scalars of the flat vector, gaps for alignment included.
    std::size_t flatSize() const { return m_flatSize; }
    /// The number of weights a person would count: gaps excluded.
    std::size_t parameterCount() const;

    bool operator==(const ParameterLayout& other) const;

private:
    std::vector<Parameter> m_parameters;
    std::size_t m_flatSize = 0;
};

}  // namespace lab
