#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/learn/expression.h"
#include "core/learn/lesson.h"

namespace lab {

/// What is right, once it can be seen.
struct Revealed {
    std::vector<std::string> answers;  ///< choice: the one; order: all of them, the largest first
    std::vector<double> numbers;       ///< number: one; cell: row and column; bars and curve: as many as there are

    std::string text() const;
    bool operator==(const Revealed&) const = default;
};

/// What text() wrote; nothing when it is not of this prediction.
std::optional<Revealed> revealedFrom(const Prediction& prediction, const std::string& text);

/// Throws InputError when what it is made of is not there, and for a choice of which not exactly one answer holds.
Revealed revealed(const Prediction& prediction, const Facts& facts);

/// What a person said, in the same shape. How far it is from what is right: 0 or 1 for a choice, a cell (1: another one) and an order;
/// else the mean distance of its numbers.
double gapOf(const Prediction& prediction, const Revealed& said, const Revealed& right);
/// Whether that is as near as the lesson wants it.
bool isRight(const Prediction& prediction, const Revealed& said, const Revealed& right);

}  // namespace lab
