#pragma once

#include <Eigen/Core>
#include <span>
#include <string_view>

#include "core/base/message.h"
#include "core/memory/pattern.h"

namespace lab {

using MemoryMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// What a rule makes of P patterns of N units.
struct StoredPatterns {
    MemoryMatrix patterns;  ///< [P, N], +1 or -1
    MemoryMatrix weights;   ///< [N, N], symmetric: what unit j adds to the field of unit i
    MemoryMatrix memo;      ///< [P, N], what shares are worked out from; its meaning is the rule's
};

/// How a net makes weights of patterns: one row a rule, each in its own file. A share of pattern mu in the weight from j to i is what the
/// rule itself added for it; the shares of all patterns add up to the weight exactly.
struct StorageRule {
    std::string_view name;     ///< "pseudo-inverse"
    SourceText title;          ///< for lists
    SourceText brief;          ///< where there is little room
    SourceText help;           ///< what it does and what it stores
    std::string_view formula;  ///< "W_ij = ...", UTF-8
    std::string_view source;   ///< paper
    SourceText shareHelp;      ///< what a pattern's share in a weight is
    bool diagonal = false;     ///< a unit's weight to itself is kept; otherwise it is 0
    /// The weights are positive semidefinite whatever is stored: no update raises the energy, also of all units at once, which then never
    /// swing between two states.
    bool semidefinite = false;
    /// Fills `weights` and `memo` from `patterns`. N up to 1,024; P may be larger than N.
    void (*store)(StoredPatterns& stored) = nullptr;
    /// [P, N]: the share of each pattern in the weights of row i; of rules without a diagonal the share in W_ii is 0.
    MemoryMatrix (*sharesOfRow)(const StoredPatterns& stored, int i) = nullptr;
    bool addsOverlaps = false;  ///< a pattern adds to a unit's field its own state there times its overlap with all other units
};

/// hebb, storkey, pseudo-inverse, pseudo-inverse-zero-diagonal. Numbers as RESEARCH G.2 states the rules.
std::span<const StorageRule* const> storageRules();
/// Null when there is no such rule.
const StorageRule* findStorageRule(std::string_view name);
/// Throws InputError that lists the names.
const StorageRule& storageRule(std::string_view name);

/// The patterns and what the rule makes of them. All have as many units; there is at least one.
StoredPatterns storedPatterns(const StorageRule& rule, std::span<const States> patterns);

}  // namespace lab
