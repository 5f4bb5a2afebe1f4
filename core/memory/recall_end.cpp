#include "core/memory/recall_end.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <vector>

namespace lab {
namespace {

/// A state as bits, so that 64 units are compared at a time; bits behind the last unit are 0.
using Bits = std::vector<std::uint64_t>;

Bits bitsOf(std::span<const std::int8_t> state) {
    Bits bits((state.size() + 63) / 64);
    for (std::size_t i = 0; i < state.size(); ++i)
        if (state[i] > 0) bits[i / 64] |= std::uint64_t{1} << (i % 64);
    return bits;
}

std::uint64_t maskOf(std::size_t word, std::size_t units) {
    return units - word * 64 >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (units % 64)) - 1;
}

constexpr std::array<std::array<int, 3>, 8> allSigns = {
    {{1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {-1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}, {-1, -1, -1}}};

/// Whether the state is the sign of the sum of the three, each with its sign: their majority, unit by unit.
bool isMajority(const Bits& state, const std::array<const Bits*, 3>& three, const std::array<int, 3>& signs, std::size_t units) {
    const auto word = [&](std::size_t which, std::size_t k) { return signs[which] > 0 ? (*three[which])[k] : ~(*three[which])[k]; };
    for (std::size_t k = 0; k < state.size(); ++k) {
        const std::uint64_t a = word(0, k), b = word(1, k), c = word(2, k);
        if ((((a & b) | (a & c) | (b & c)) ^ state[k]) & maskOf(k, units)) return false;
    }
    return true;
}

struct Mixture {
    std::array<int, 3> patterns, signs;
};

/// The overlaps of sgn(a + b + c) with the three add up to the mean of |a_i + b_i + c_i|, at least 1: one of them is 1/3 or more by size.
std::optional<Mixture> mixtureIn(std::span<const Pattern> patterns, std::span<const std::int8_t> state,
                                 const std::vector<double>& overlaps) {
    constexpr double least = 1.0 / 3 - 1e-9;
    const Bits bits = bitsOf(state);
    std::vector<Bits> all;
    for (const Pattern& pattern : patterns) all.push_back(bitsOf(pattern.states));
    const int count = static_cast<int>(patterns.size());
    const auto near = [&](int k) { return std::abs(overlaps[static_cast<std::size_t>(k)]) >= least; };
    for (int a = 0; a < count; ++a)
        for (int b = a + 1; b < count; ++b)
            for (int c = b + 1; c < count; ++c) {
                if (!near(a) && !near(b) && !near(c)) continue;
                const std::array<const Bits*, 3> three{&all[static_cast<std::size_t>(a)], &all[static_cast<std::size_t>(b)],
                                                       &all[static_cast<std::size_t>(c)]};
                for (const std::array<int, 3>& signs : allSigns)
                    if (isMajority(bits, three, signs, state.size())) return Mixture{{a, b, c}, signs};
            }
    return std::nullopt;
}

Message nameOf(const Pattern& pattern, int sign) {
    if (sign > 0) return Message::verbatim(pattern.name);
    return Message(LAB_TEXT("memory", "the inverse of %1")).arg(pattern.name);
}

}  // namespace

NamedState namedState(std::span<const Pattern> patterns, std::span<const std::int8_t> state) {
    assert(!patterns.empty());
    NamedState named;
    std::vector<double> overlaps;
    for (const Pattern& pattern : patterns) overlaps.push_back(overlap(pattern.states, state));
    const auto size = [](double value) { return std::abs(value); };
    named.nearest = static_cast<int>(std::ranges::max_element(overlaps, {}, size) - overlaps.begin());
    named.overlap = overlaps[static_cast<std::size_t>(named.nearest)];
    const int units = static_cast<int>(state.size());
    const int differ = differing(patterns[static_cast<std::size_t>(named.nearest)].states, state);
    named.differing = named.overlap < 0 ? units - differ : differ;
    if (named.differing == 0) {
        // Of a pattern and another's inverse, both the state, the pattern is its name.
        const auto same =
            std::ranges::find(patterns, units, [&](const Pattern& pattern) { return units - differing(pattern.states, state); });
        if (same != patterns.end()) named.nearest = static_cast<int>(same - patterns.begin());
        named.kind = same != patterns.end() ? StateKind::pattern : StateKind::inverse;
        named.overlap = same != patterns.end() ? 1 : -1;
        named.patterns[0] = named.nearest;
    } else if (const auto mixture = mixtureIn(patterns, state, overlaps)) {
        named.kind = StateKind::mixture;
        named.patterns = mixture->patterns;
        named.signs = mixture->signs;
    }
    return named;
}

Message stateText(const NamedState& named, std::span<const Pattern> patterns) {
    const auto name = [&](int pattern, int sign) { return nameOf(patterns[static_cast<std::size_t>(pattern)], sign); };
    switch (named.kind) {
        case StateKind::pattern:
            return name(named.patterns[0], 1);
        case StateKind::inverse:
            return name(named.patterns[0], -1);
        case StateKind::mixture: {
            Message text(LAB_TEXT("memory", "a mixture of three: %1, %2 and %3"));
            for (std::size_t k = 0; k < named.patterns.size(); ++k) text.arg(name(named.patterns[k], named.signs[k]));
            return text;
        }
        case StateKind::other:
            break;
    }
    return Message(LAB_PLURAL("memory", "none of the stored ones; the nearest is %1, but for %n pixel(s)"))
        .arg(name(named.nearest, named.overlap < 0 ? -1 : 1))
        .count(named.differing);
}

}  // namespace lab
