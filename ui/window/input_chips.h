#pragma once

#include <optional>
#include <vector>

#include "ui/scenes/sequence_words.h"
#include "ui/widgets/token_strip.h"

namespace lab {

/// The positions of an input as chips: words, pieces of a text, small patches of a picture, the numbers of a point. Without tool tips.
std::vector<TokenChip> chipsOf(const SequenceWords& words, const Input& input);

/// What a model of vectors says to an input, position by position, and how that is to be judged. `said`: its classes; `trace`: has its
/// numbers.
struct VectorAnswers {
    std::vector<PredictionChip> chips;
    int asked = 0, right = 0;         ///< of those whose truth is known
    std::size_t last = 0;             ///< position of the last one asked
    std::optional<double> explained;  ///< of numbers: 1 − Σ (y − t)² / Σ t²; none where all that is asked is 0
};

VectorAnswers vectorAnswers(const SequenceWords& words, const Input& input, const std::vector<int>& said, const Trace* trace);

/// Whether two inputs differ at a position: in what stands there or in who sees it.
bool differs(const Input& a, const Input& b, std::size_t position);

}  // namespace lab
