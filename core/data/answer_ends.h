#pragma once

#include <optional>

namespace lab {

class Dataset;

/// What the answers of an encoder-decoder's samples have in common, so that a source without an answer can be given one.
struct AnswerEnds {
    int begin = 0;           ///< what most decoders' inputs begin with: BOS
    std::optional<int> end;  ///< what all answers end with, and have nowhere else: EOS
    int longest = 1;         ///< tokens of the longest answer
};

/// Of the training samples; there is at least one, and it has two sides.
AnswerEnds answerEnds(const Dataset& dataset);

}  // namespace lab
