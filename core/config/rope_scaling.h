#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/kind.h"
#include "core/base/message.h"

namespace lab {

class ProblemList;
struct ModelConfig;
struct RopeConfig;
struct RopeScalingConfig;

/// How rotary position embedding (Su et al. 2021, arXiv 2104.09864) turns the pairs of a head.
struct RopeFrequencies {
    std::vector<double> theta;  ///< [head_dim / 2] radians a position
    double scale = 1.0;         ///< κ, the attention factor on cos and sin (YaRN, LongRoPE)
};

/// base^(-2 p / head_dim) for each pair p.
std::vector<double> plainFrequencies(double base, int headDim);

/// How rotations are slowed for sequences longer than in training: one row a scaling, each in its own file of core/config/rope_scaling.
struct RopeScalingSpec {
    std::string_view name;
    SourceText title;                             ///< as its authors call it
    SourceText help;                              ///< what stands behind "name: " in the help of the choice
    std::string_view attentionFactor = {};        ///< its rule, of the factor; empty: 1
    std::span<const std::string_view> keys = {};  ///< of model.position.rope.scaling, that it uses

    /// Frequencies for a sequence of `length` tokens.
    RopeFrequencies (*frequencies)(const RopeConfig& rope, int headDim, int length) = nullptr;
    bool byLength = false;      ///< they differ within original_max_seq_len tokens and beyond
    bool byEachLength = false;  ///< beyond with every length

    /// Its rules between several values, of rope with an even head_dim; empty when there are none.
    void (*check)(const ModelConfig& model, ProblemList& problems) = nullptr;

    // How a model that was trained on original_max_seq_len tokens is stretched (ropeStretchedBy).

    /// Whether its formula exists for such a model; empty: always.
    bool (*stretches)(const RopeConfig& rope, int headDim) = nullptr;
    /// Fills in what is its own, where factor and original_max_seq_len are given.
    void (*stretch)(RopeScalingConfig& scaling, int headDim) = nullptr;
    bool startsSearch = false;  ///< the search for LongRoPE's factors starts from it, as the paper's does (Ding 2024, 3.2)

    bool uses(std::string_view key) const { return std::ranges::find(keys, key) != keys.end(); }

    static std::span<const RopeScalingSpec* const> table();
};

/// `rope` stretched for sequences `factor` times as long as the `originalLength` tokens it was trained on.
RopeConfig ropeStretchedBy(const RopeScalingSpec& scaling, const RopeConfig& rope, int headDim, int originalLength, double factor);
/// Whether `scaling` can do that.
bool canStretch(const RopeScalingSpec& scaling, const RopeConfig& rope, int headDim);

}  // namespace lab
