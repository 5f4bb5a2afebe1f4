#pragma once

#include "core/codes/code_report.h"

// The number that a model makes of sequences beside Gödel's for the same: how large, whether near stays near, whether order is kept.

namespace lab::codes {

/// One way to make a whole number of a sequence, measured on a set.
struct NumberMeasures {
    double medianBits = 0, mostBits = 0;  ///< log2(number + 1)
    /// Of the numbers and the sequences in the order of a dictionary: Spearman's rank correlation, ties at the mean of their ranks; nothing
    /// when all numbers are the same.
    std::optional<double> rankCorrelation;
    /// Of pairs of sequences: the share whose numbers stand in the same order; equal numbers are in none.
    double pairsInOrder = 0;
    /// One symbol one up or down: median of |number - number before| / the larger of both, and of the share of the set's numbers that lie
    /// between the two (a third on average for two sequences drawn at random).
    double medianMove = 0, medianRankMove = 0;
    int moves = 0;  ///< changes that were tried
    /// Read back from the number, and different for different sequences: learned as measured on the set; Gödel's by the fundamental
    /// theorem.
    bool lossless = false;
};

struct NumberOrder {
    NumberMeasures learned, goedel;
    int sequences = 0;
    double bitsRoom = 0;  ///< of the learned number
};

struct OrderQuestion {
    int sequences = 500;  ///< the first of the set, all pairs of which are compared; fewer where Gödel numbers are very large
    int movesEach = 4;    ///< changes by one of each sequence, drawn
    std::uint64_t seed = 1;
};

/// `report` of the same set. Throws InputError for sequences whose Gödel numbers are too large.
std::optional<NumberOrder> numberOrder(const Coder& coder, const Experiment& experiment, const SequenceSet& set, const CodeReport& report,
                                       const OrderQuestion& question = {}, const Watch& watch = {});

/// Spearman's: Pearson's of the ranks, ties at the mean of their ranks. Nothing when one of them does not vary.
std::optional<double> rankCorrelation(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace lab::codes
