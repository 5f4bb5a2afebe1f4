#pragma once

#include <optional>
#include <vector>

#include "core/base/enum_names.h"
#include "core/base/message.h"
#include "core/config/rope_scaling.h"

namespace lab {

/// Which channels form a pair.
enum class RopePairing { half, interleaved };

struct RopePairingSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<RopePairing> {
    static constexpr std::array<RopePairingSpec, 2> rows{
        {{"half", LAB_TEXT("fields", "p and p + head_dim / 2 (GPT-NeoX, Hugging Face)")},
         {"interleaved", LAB_TEXT("fields", "2 p and 2 p + 1 (the paper, Meta's LLaMA)")}}};
};

struct RopeScalingConfig {
    Kind<RopeScalingSpec> kind;  ///< whose row says which of these it uses
    std::optional<double> factor;
    std::optional<int> original_max_seq_len;
    double beta_fast = 32.0;
    double beta_slow = 1.0;
    std::optional<int> max_seq_len;
    std::vector<double> short_factors;  ///< head_dim / 2 values
    std::vector<double> long_factors;   ///< head_dim / 2 values
    std::optional<double> low_freq_factor;
    std::optional<double> high_freq_factor;
    std::optional<double> attention_factor;  ///< in place of the scaling's own rule
    bool truncate = true;                    ///< yarn: the ramp begins and ends at whole pairs
};

struct RopeConfig {
    double base = 10000.0;
    RopePairing pairing = RopePairing::half;
    std::optional<int> dims;  ///< channels of a head that turn, those of its first pairs; absent: all
    RopeScalingConfig scaling;
};

}  // namespace lab
