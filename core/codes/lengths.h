#pragma once

#include "core/codes/code_report.h"

// Sequences of other lengths than trained ones.

namespace lab::codes {

struct LengthRow {
    int length = 0;
    bool trained = false;
    Message cannot;     ///< why the model, or the task, has no sequences of this length; empty: it has
    int sequences = 0;  ///< different ones
    Tally exact, positions;
    int colliding = 0;
    double bitsNeeded = 0;  ///< of the length's sequences

    bool isMeasured() const { return cannot.empty(); }
};

/// The trained length with some below and above it, rising.
std::vector<int> lengthsAround(int trained);

/// `sequences`: drawn for each length. Throws InputError for a task that does not draw sequences of any length (a file's).
std::optional<std::vector<LengthRow>> byLength(const Coder& coder, const Experiment& experiment, const std::vector<int>& lengths,
                                               int sequences = 500, const Watch& watch = {});

}  // namespace lab::codes
