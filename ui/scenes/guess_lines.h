#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "core/data/counting.h"
#include "core/data/guessing.h"
#include "core/data/loss_unit.h"

namespace lab {

class Run;

/// What a guess is worth, as a line beneath curves.
struct GuessLine {
    double value = 0.0;
    QString label;
    QString name = {};  ///< in a legend; empty: it has no row there
    bool best = false;  ///< the best of the n-grams
};

/// The uniform guess, then the better ones that a task knows; accuracies in percent, losses in this unit.
std::vector<GuessLine> guessLines(const Guesses& guesses, bool accuracy, const LossUnit& unit = {});
/// Of losses, where n-grams were counted: the uniform guess and the n-grams, of which the first is the commonest answer.
std::vector<GuessLine> countedLines(const Guesses& guesses, const CountingBaselines& counting, const LossUnit& unit);

/// Whether a run is better than counting by its last validation up to a step, as a sentence; empty where no text is learned, before the
/// first validation and while it is counted (Run::counted).
QString countingAt(const Run& run, std::int64_t step);

}  // namespace lab
