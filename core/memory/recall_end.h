#pragma once

#include <array>
#include <span>

#include "core/base/message.h"
#include "core/memory/pattern.h"

namespace lab {

/// What a state is, seen from the patterns.
enum class StateKind {
    pattern,  ///< one of them
    inverse,  ///< one with all units inverted: Hebb's weights do not change when a pattern is inverted, so it is as deep
    mixture,  ///< sgn(+-a +- b +- c) of three
    other     ///< none of these: a spurious state, or a pattern with errors
};

struct NamedState {
    StateKind kind = StateKind::other;
    std::array<int, 3> patterns{-1, -1, -1};  ///< which; one of pattern and inverse, three of a mixture
    std::array<int, 3> signs{1, 1, 1};        ///< +1 or -1, of a mixture
    int nearest = 0;                          ///< the pattern of the largest overlap by size (the first of equals), whatever the kind
    double overlap = 0;                       ///< with it, below 0: the inverse is near
    int differing = 0;                        ///< pixels that differ from it, or from its inverse where the overlap is below 0

    bool operator==(const NamedState&) const = default;
};

/// Looks for a pattern, an inverse, then every mixture of three (exact; the first found in the order of the patterns). `patterns`: at least
/// one, of as many units.
NamedState namedState(std::span<const Pattern> patterns, std::span<const std::int8_t> state);

/// "skull", "the inverse of skull", "a mixture of three: skull, apple and the inverse of key", "none of the
/// stored ones; the nearest is apple, but for 9 pixels".
Message stateText(const NamedState& named, std::span<const Pattern> patterns);

}  // namespace lab
