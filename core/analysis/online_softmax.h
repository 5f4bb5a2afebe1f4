#pragma once

#include <span>
#include <vector>

namespace lab {

/// What is known of a row when one more tile of its keys was read: the maximum, the sum and the output so far, these two as if the maximum
/// so far were that of the row.
struct OnlineStep {
    int first = 0, count = 0;    ///< keys of the tile
    double tileMaximum = 0;      ///< -infinity: none of them is seen
    double maximum = 0;          ///< m, of all so far
    double rescale = 0;          ///< exp(m before - m): sum and output so far are multiplied by it; 0 while there is nothing to multiply
    double tileSum = 0;          ///< sum over the tile of exp(score - m)
    double sum = 0;              ///< l = l before * rescale + tileSum
    std::vector<double> output;  ///< [width] o = o before * rescale + sum over the tile of exp(score - m) v
};

struct OnlineSoftmax {
    std::vector<OnlineStep> steps;
    std::vector<double> result;  ///< [width] o / l after the last tile; zeros of a row that sees nothing
};

/// softmax(scores) times the values [scores, width], in one pass over the keys, `tile` of them at a time: no weight is known before the
/// end, and none is kept (Milakov & Gimelshein 2018, arXiv 1805.02867, algorithm 3; with the output beside the sum FlashAttention, Dao
/// 2022, arXiv 2205.14135; divided at the end alone as in FlashAttention-2, Dao 2023, arXiv 2307.08691). A score of -infinity is hidden.
OnlineSoftmax onlineSoftmax(std::span<const double> scores, std::span<const double> values, int width, int tile);

}  // namespace lab
