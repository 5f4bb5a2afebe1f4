#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/base/enum_names.h"
#include "core/tensor/parameter_layout.h"

namespace lab {

/// The parts of a model a person asks about.
enum class ParameterGroup {
    embedding,    ///< tokens and learned positions; a tied output reads the token table and is counted here
    attention,    ///< projections of self- and cross-attention, KV+Pos's position map
    mixing,       ///< the net over the positions that stands for attention
    feedForward,  ///< up, gate, down
    halting,      ///< the unit that says when a position has had enough steps
    bottleneck,   ///< between encoder and decoder: the slots' queries and attention, their maps, the codes' vectors
    norm,         ///< the norms around attention and feed-forward, of queries and keys, and at the end of a pre-norm stack
    output,       ///< hidden layer, its norm, projection
};

template <>
struct EnumNames<ParameterGroup> {
    static constexpr std::array<std::string_view, 8> names = {"embedding", "attention",  "mixing", "feed_forward",
                                                              "halting",   "bottleneck", "norm",   "output"};
};

/// The part that a parameter of FORMATS.md 2 belongs to.
ParameterGroup parameterGroupOf(std::string_view parameterName);

/// How a model's parameters divide (SPEC.md 1.4). Gaps of the layout do not count.
struct ParameterGroups {
    std::size_t embedding = 0;
    std::size_t attention = 0;
    std::size_t mixing = 0;
    std::size_t feedForward = 0;
    std::size_t halting = 0;
    std::size_t bottleneck = 0;
    std::size_t norm = 0;
    std::size_t output = 0;

    std::size_t total() const { return embedding + attention + mixing + feedForward + halting + bottleneck + norm + output; }
    std::size_t& operator[](ParameterGroup group);
};

ParameterGroups parameterGroups(const ParameterLayout& layout);

struct ModelConfig;

/// Those that one token goes through: of experts the chosen ones'.
std::size_t activeParameters(const ParameterLayout& layout, const ModelConfig& config);

}  // namespace lab
