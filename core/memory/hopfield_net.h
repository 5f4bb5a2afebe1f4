#pragma once

#include <span>
#include <vector>

#include "core/memory/storage_rule.h"

namespace lab {

/// A field whose size is at most this is 0, and a unit with field 0 keeps its state. The fields of Hebb's rule are whole multiples of 1/N,
/// so that rounding never decides.
constexpr double zeroField = 1e-9;

/// A pattern's part of something, for lists.
struct PatternShare {
    int pattern = 0;
    double share = 0;
};

/// A classical Hopfield net (Hopfield 1982): N units of +1 or -1, symmetric weights. A value: it never changes once made.
class HopfieldNet {
public:
    /// All patterns have as many units, at least one; there is at least one pattern. Takes N^2 numbers: up to 1,024 units are quick.
    HopfieldNet(const StorageRule& rule, std::vector<Pattern> patterns);

    const StorageRule& rule() const { return *m_rule; }
    const std::vector<Pattern>& patterns() const { return m_patterns; }
    int units() const { return static_cast<int>(m_stored.weights.rows()); }
    int patternCount() const { return static_cast<int>(m_patterns.size()); }
    /// Patterns per unit, P/N.
    double load() const { return static_cast<double>(patternCount()) / units(); }

    double weight(int i, int j) const { return m_stored.weights(i, j); }
    /// [N]: what reaches unit i; by symmetry also what it gives.
    std::span<const double> weightsOf(int i) const { return {m_stored.weights.row(i).data(), static_cast<std::size_t>(units())}; }
    const MemoryMatrix& weights() const { return m_stored.weights; }
    /// The largest |weight|, for the scale of a map.
    double largestWeight() const { return m_largest; }

    /// E = -1/2 s^T W s. A kept diagonal adds the same -1/2 sum_i W_ii to every state, since s_i^2 = 1: it moves no difference.
    double energy(std::span<const std::int8_t> state) const;
    /// h_i = sum_j W_ij s_j, with the unit's own W_ii s_i where the rule keeps a diagonal.
    double field(std::span<const std::int8_t> state, int i) const;
    /// [N], all fields.
    std::vector<double> fields(std::span<const std::int8_t> state) const;

    /// The field of unit i as a sum over patterns, [P]: sum_j (share of mu in W_ij) s_j; it adds up to field(state, i) exactly but for
    /// rounding, for every rule. Hebb: xi_i m - s_i / N with the overlap m of pattern and state (the diagonal's share taken off).
    /// Pseudo-inverse: xi_i times the part of the pattern in the state (its dual vector . s), less the share of a diagonal set to 0.
    /// Storkey: what storing the pattern added to the weights, which depends on the patterns stored before it, and also holds corrections
    /// to them.
    std::vector<double> fieldParts(std::span<const std::int8_t> state, int i) const;

    /// Which patterns made the weight from j to i: every pattern with its share, the largest |share| first; they add up to weight(i, j).
    std::vector<PatternShare> patternsOfWeight(int i, int j) const;

    /// What sgn(h_i) is: +1, -1, and the state it has where the field is 0.
    std::int8_t wanted(std::span<const std::int8_t> state, int i) const;
    /// No unit wants to flip.
    bool isFixedPoint(std::span<const std::int8_t> state) const;

    /// Whether theory promises that the energy never rises when units are updated one at a time: weights symmetric and no W_ii below 0.
    bool energyNeverRises() const { return m_lowestDiagonal >= -zeroField; }

private:
    const StorageRule* m_rule;
    std::vector<Pattern> m_patterns;
    StoredPatterns m_stored;
    double m_largest = 0, m_lowestDiagonal = 0;
};

}  // namespace lab
