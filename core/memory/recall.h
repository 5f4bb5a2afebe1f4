#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/enum_names.h"
#include "core/memory/hopfield_net.h"

namespace lab {

enum class RecallMode { asynchronous, synchronous };

struct RecallModeSpec {
    std::string_view name;
    SourceText title, help;
};
template <>
struct EnumRows<RecallMode> {
    static constexpr std::array<RecallModeSpec, 2> rows = {{
        {"asynchronous", LAB_TEXT("memory", "one pixel"),
         LAB_TEXT("memory",
                  "One unit at a time takes the sign of its field; every sweep visits all units in a new order drawn by the seed.")},
        {"synchronous", LAB_TEXT("memory", "all at once"),
         LAB_TEXT("memory",
                  "All units take the signs of their fields together; with most rules the net may then swing between two states for ever "
                  "(not with the pseudo-inverse that keeps its diagonal).")},
    }};
};

/// How a recall ended.
enum class RecallEnding {
    settled,   ///< no unit wants to flip
    twoCycle,  ///< all at once: the state before the last is back, and so on for ever
    givenUp    ///< after the most sweeps
};

/// A unit that took the other sign.
struct Flip {
    int update = 0;      ///< the update that flipped it, from 1
    int unit = 0;        ///< of N
    double field = 0;    ///< h_i that it saw; of the sign of `to`
    std::int8_t to = 0;  ///< what it became

    bool operator==(const Flip&) const = default;
};

constexpr int mostSweeps = 100;

/// A memory at work, from the query to the end. An update is one unit visited, in mode asynchronous (a sweep is N of them), or all units at
/// once. Any moment can be shown: "update u" is what stands after u updates, u = 0 the query.
struct Recall {
    RecallMode mode = RecallMode::asynchronous;
    std::uint64_t seed = 0;
    States query;                  ///< [N]
    std::vector<int> order;        ///< [updates], the unit visited; empty where all are at once
    std::vector<Flip> flips;       ///< by update, of one update by unit
    std::vector<double> energies;  ///< [updates + 1]
    RecallEnding ending = RecallEnding::settled;
    int sweeps = 0;  ///< begun, the last one included, in which nothing flipped

    int updates() const { return static_cast<int>(energies.size()) - 1; }
    /// The update after which nothing changed any more, 0: the query was settled. Of what does not settle, updates().
    int settledAt() const;
    /// The state after `update` updates, 0 .. updates().
    States stateAfter(int update) const;
    States end() const { return stateAfter(updates()); }
    /// How many of `flips` belong to the first `update` updates.
    std::size_t flipsBy(int update) const;
    /// The first flip behind `update`; empty when nothing flips any more. Why it flips: HopfieldNet::fieldParts(stateAfter(its update - 1),
    /// its unit).
    std::optional<Flip> nextFlip(int update) const;
    /// The energy rose at this update, by more than rounding; never where HopfieldNet::energyNeverRises() and mode asynchronous, nor
    /// in any mode where the rule is semidefinite.
    bool roseAt(int update) const;
    /// Empty: it never rose.
    std::optional<int> firstRise() const;

    bool operator==(const Recall&) const = default;
};

/// A pure function of its arguments. s_i <- sgn(h_i), where a field of 0 (zeroField) keeps the state. In mode asynchronous sweep w visits
/// the units in a permutation drawn from (seed, w); it ends with a sweep in which nothing flips. All at once it ends when nothing flips or
/// the state of two updates ago is back (which symmetric weights lead to where they do not settle: Goles 1985).
Recall recall(const HopfieldNet& net, const States& query, RecallMode mode, std::uint64_t seed, int sweeps = mostSweeps);
/// Its end alone, quicker.
States recalled(const HopfieldNet& net, const States& query, RecallMode mode, std::uint64_t seed, int sweeps = mostSweeps);

/// "settled after 183 updates", "swings between two states", "not settled after 100 sweeps".
Message endingText(const Recall& recall);

}  // namespace lab
