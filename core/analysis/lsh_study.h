#pragma once

#include <cstdint>
#include <vector>

#include "core/patterns/lsh.h"

namespace lab {

/// Vectors in clusters, which serve as queries and, divided by their lengths, as keys: what hashing is made for.
struct LshStudySet {
    int count = 256;    ///< positions
    int clusters = 16;  ///< each has its centre, drawn normal; a position belongs to one at random
    int width = 16;
    double spread = 0.7;  ///< standard deviation of a number about its centre's
    double length = 4;    ///< what queries are multiplied by: the larger, the sharper attention is
    std::uint64_t seed = 1;

    /// [count, width]
    std::vector<double> vectors() const;
};

/// How much of full attention's weight the pairs keep that so many rounds of hashing compute, nobody looking at itself.
struct LshStudyRow {
    int rounds = 0;
    double mass = 0;    ///< mean over queries of the weights of full attention that their pairs have together
    double pairs = 0;   ///< of all pairs of two positions; a random choice of as many keys keeps this much of the weight on average
    double random = 0;  ///< what one such choice kept
};

/// Of 1, 2, 4, ... rounds up to numbers.rounds. A query to which no other is left computes no pair here.
std::vector<LshStudyRow> studyLsh(const LshStudySet& set, const LshNumbers& numbers);

/// Weights of full attention, [count, count], the diagonal 0: softmax of q_i . k_j / sqrt(width), k_j = q_j / |q_j|.
std::vector<double> fullWeights(const LshStudySet& set);

}  // namespace lab
