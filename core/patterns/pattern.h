#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/kind.h"
#include "core/base/message.h"
#include "core/base/parameters.h"

namespace lab {

struct Tile;

/// Of what a pattern is asked: its numbers and the sequence at hand.
struct PatternFrame {
    std::span<const std::int64_t> numbers;  ///< in the order of the row's parameters
    bool causal = false;                    ///< keys behind the query are hidden whatever the pattern says
    int keys = 0;                           ///< of the sequence
};

/// Which keys a query may see: one row a pattern, each in its own file. Visibility adds what does not belong to a pattern.
struct PatternSpec {
    std::string_view name;
    SourceText help;  ///< what stands behind "name: " in the help of the choice
    std::span<const ParameterSpec> parameters = {};
    /// Whether query i sees key j.
    bool (*allows)(const PatternFrame& frame, int i, int j) = nullptr;
    /// Why it does not: "outside the window of 3"; of pairs that it does not allow.
    Message (*whyNot)(const PatternFrame& frame, int i, int j) = nullptr;

    // How training cuts the map (Tile); a row that leaves these out gets tiles of 32 queries with every key that one of them sees, which
    // asks `allows` of each pair.

    /// How many queries, at most, share the tile that begins at query `first`.
    int (*queriesPerTile)(const PatternFrame& frame, int first) = nullptr;
    /// Adds the keys that some query of the tile may see, and the queries themselves; more than these is allowed, less is not.
    void (*addKeys)(const PatternFrame& frame, Tile& tile) = nullptr;

    /// Whether query i reads key j as what was computed and kept before: the gradient that it sends to the key and its value reaches what
    /// projects them, but not the row that they are made of. Null: never.
    bool (*detached)(const PatternFrame& frame, int i, int j) = nullptr;
    /// The first key that query i or any behind it may see: who writes token by token need not keep those before. Null: 0.
    int (*firstKey)(const PatternFrame& frame, int i) = nullptr;

    /// Who is seen depends on where the sequence ends: not for decoders, whose sequences grow.
    bool wantsWholeSequence = false;
    /// Nobody sees what comes behind him: for decoders only.
    bool wantsCausal = false;

    /// How many first positions may have projections of their own, since they see all and are seen by all; null: none.
    int (*globalsApart)(const PatternFrame& frame) = nullptr;

    /// Who is seen depends on the vectors, too: of what `allows` names a query sees those of its buckets (lsh.h). Of forms whose keys are
    /// the queries.
    bool hashes = false;

    static std::span<const PatternSpec* const> table();
};

/// A pattern as an experiment chooses it.
struct PatternConfig {
    Kind<PatternSpec> kind;
    Parameters parameters;

    bool operator==(const PatternConfig&) const = default;
};

}  // namespace lab
