#pragma once

#include <optional>

namespace lab {

class Dataset;
struct Experiment;

/// What answers are worth that are given without reading the input.
struct Guess {
    double loss = 0.0;      ///< mean over the positions that count, natural logarithm
    double accuracy = 0.0;  ///< a fraction of 1

    bool operator==(const Guess&) const = default;
};

struct Guesses {
    bool numbers = false;  ///< answers are numbers: `uniform` answers 0, `commonest` their mean, and accuracy is what that explains
    int choices = 1;       ///< among so many answers a uniform guess chooses: a task's symbols, without SEP and BOS
    Guess uniform;         ///< ln(choices), 1 / choices
    std::optional<Guess> commonest;  ///< always how often each answer occurs; where that is noticeably better
    std::optional<Guess> byPlace;    ///< how often it occurs at its place; where that is noticeably better than both

    bool operator==(const Guesses&) const = default;
};

/// Counted on some of the training samples and held against others. `experiment` resolved, the dataset its own.
Guesses guessesOf(const Experiment& experiment, const Dataset& dataset);

}  // namespace lab
