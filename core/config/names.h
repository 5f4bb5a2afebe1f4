#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/config/experiment.h"

// The enumerations' names in JSON, in the order of the enumerators.

namespace lab {

template <class E>
struct EnumNames;

template <>
struct EnumNames<TaskKind> {
    static constexpr std::array<std::string_view, 8> names{"reverse", "sort", "swap", "sub", "copy", "shift", "repeat", "pairs"};
};
template <>
struct EnumNames<Architecture> {
    static constexpr std::array<std::string_view, 3> names{"encoder", "decoder", "encoder-decoder"};
};
template <>
struct EnumNames<AttentionForm> {
    static constexpr std::array<std::string_view, 4> names{"qkv", "kv", "kv+pos", "q+kv"};
};
template <>
struct EnumNames<KernelKind> {
    static constexpr std::array<std::string_view, 3> names{"softmax", "linear", "performer"};
};
template <>
struct EnumNames<PatternKind> {
    static constexpr std::array<std::string_view, 5> names{"full", "sliding-window", "longformer", "strided", "bigbird"};
};
template <>
struct EnumNames<PositionKind> {
    static constexpr std::array<std::string_view, 5> names{"none", "sinusoidal", "learned", "rope", "alibi"};
};
template <>
struct EnumNames<RopePairing> {
    static constexpr std::array<std::string_view, 2> names{"half", "interleaved"};
};
template <>
struct EnumNames<RopeScalingKind> {
    static constexpr std::array<std::string_view, 6> names{"none", "linear", "ntk", "yarn", "longrope", "llama3"};
};
template <>
struct EnumNames<NormKind> {
    static constexpr std::array<std::string_view, 2> names{"layer", "rms"};
};
template <>
struct EnumNames<NormPlacement> {
    static constexpr std::array<std::string_view, 2> names{"post", "pre"};
};
template <>
struct EnumNames<Activation> {
    static constexpr std::array<std::string_view, 4> names{"relu", "gelu", "gelu-tanh", "swiglu"};
};
template <>
struct EnumNames<Initialisation> {
    static constexpr std::array<std::string_view, 3> names{"paper", "gpt2", "xavier"};
};
template <>
struct EnumNames<OutputKind> {
    static constexpr std::array<std::string_view, 2> names{"linear", "mlp"};
};
template <>
struct EnumNames<OptimizerKind> {
    static constexpr std::array<std::string_view, 3> names{"adam", "adamw", "sgd"};
};
template <>
struct EnumNames<ScheduleKind> {
    static constexpr std::array<std::string_view, 4> names{"constant", "linear-warmup", "cosine-warmup", "noam"};
};

/// All names of an enumeration.
template <class E>
constexpr std::span<const std::string_view> namesOf() {
    return EnumNames<E>::names;
}

/// nameOf(AttentionForm::kv_pos) == "kv+pos".
template <class E>
constexpr std::string_view nameOf(E value) {
    return EnumNames<E>::names[static_cast<std::size_t>(value)];
}

/// Empty when there is no such name.
template <class E>
constexpr std::optional<E> fromName(std::string_view name) {
    for (std::size_t i = 0; i < EnumNames<E>::names.size(); ++i) {
        if (EnumNames<E>::names[i] == name) return static_cast<E>(i);
    }
    return std::nullopt;
}

}  // namespace lab
