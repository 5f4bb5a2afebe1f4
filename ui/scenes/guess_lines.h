#pragma once

#include <QString>
#include <vector>

#include "core/data/guessing.h"
#include "core/data/loss_unit.h"

namespace lab {

/// What a guess is worth, as a line beneath curves.
struct GuessLine {
    double value = 0.0;
    QString label;
};

/// The uniform guess, then the better ones that a task knows; accuracies in percent, losses in this unit.
std::vector<GuessLine> guessLines(const Guesses& guesses, bool accuracy, const LossUnit& unit = {});

}  // namespace lab
