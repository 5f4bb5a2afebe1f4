#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

/// What a parameter is for: decides how it is initialised (FORMATS.md 1, Initialisation).
enum class ParameterRole {
    tokenTable,
    tokenBias,
    inputMap,     ///< from the numbers of a vector to d_model
    classVector,  ///< stands before the others
    positionTable,
    segmentTable,
    slotTable,       ///< of a bottleneck: queries, vectors of codes, what a slot adds to the decoder's memory
    attentionInput,  ///< query, key and value weights
    attentionOutput,
    attentionBias,  ///< of query, key, value and output
    positionMap,
    positionMapBias,
    scoreBias,    ///< added to scores: a bias by distance, a sink's logit
    shareVector,  ///< in pairs, whose products decide how much of a second map is taken away
    spanShare,    ///< how much of the longest span each head uses: in 0 .. 1
    linear,
    linearBias,
    haltingWeight,  ///< of the unit that says when a position has had enough steps
    haltingBias,
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
    int fanOut = 0;       ///< outputs of the fused matrix it belongs to (query, key and value together), else its own
    int fanIn = 0;        ///< inputs of the linear map that it is part of
    bool shared = false;  ///< several layers read it: gradients of each are added up

    /// What an update may leave outside of its bounds is put on them: shares stay in 0 .. 1. `values`: its own.
    void keepBounds(float* values) const;
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
    /// Layers that share their weights: a name that begins with `prefix` means the parameter whose name begins with `of` instead. To be
    /// said before any of them is added.
    void share(std::string prefix, std::string of);
    /// Appends a parameter and returns its index, or the index of the one that is there if the name is shared.
    int add(std::string name, std::vector<int> shape, ParameterRole role, int fanOut, int fanIn);

    const std::vector<Parameter>& parameters() const { return m_parameters; }
    const Parameter& operator[](int index) const { return m_parameters[static_cast<std::size_t>(index)]; }
    /// By any name that it has. Null when there is no such parameter.
    const Parameter* find(std::string_view name) const;
    /// Where the parameter behind `index` begins: its numbers and the gap after them end there.
    std::size_t endOf(std::size_t index) const { return index + 1 < m_parameters.size() ? m_parameters[index + 1].offset : m_flatSize; }

    /// Scalars of the flat vector, gaps for alignment included.
    std::size_t flatSize() const { return m_flatSize; }
    /// The number of weights a person would count: gaps excluded.
    std::size_t parameterCount() const;

    bool operator==(const ParameterLayout& other) const;

private:
    std::string ownName(std::string_view name) const;

    std::vector<Parameter> m_parameters;
    std::vector<std::pair<std::string, std::string>> m_shares;  ///< prefixes: another name's, the own one's
    std::size_t m_flatSize = 0;
};

}  // namespace lab
