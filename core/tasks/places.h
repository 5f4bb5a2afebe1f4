#pragma once

#include <span>

#include "core/tasks/task_config.h"

// What several tasks say.

namespace lab {

/// The place of x, of n tokens, that answer i follows from.
using PlaceOf = int (*)(int i, int n, const TaskConfig& task);

/// One key for each answer.
template <PlaceOf placeOf>
AnswerKeys keysAt(const std::vector<int>& x, const TaskConfig& task) {
    const auto n = static_cast<int>(x.size());
    AnswerKeys keys;
    for (int i = 0; i < n; ++i) keys.push_back({placeOf(i, n, task)});
    return keys;
}

/// The answer that says those tokens of x again.
template <PlaceOf placeOf>
std::vector<int> tokensAt(std::vector<int> x, const TaskConfig& task) {
    std::vector<int> y;
    for (const std::vector<int>& key : keysAt<placeOf>(x, task)) y.push_back(x[static_cast<std::size_t>(key.front())]);
    return y;
}

/// y_i follows from x_i.
constexpr int ownPlace(int i, int, const TaskConfig&) {
    return i;
}
/// From x_{i-k}, cyclic; k of any size and sign.
constexpr int placeBefore(int i, int n, std::int64_t k) {
    return static_cast<int>(((i - k) % n + n) % n);
}

inline constexpr SourceWords ownPlaceWords{
    .title = LAB_TEXT("tasks", "own place"),
    .brief = LAB_TEXT("tasks", "own place"),
    .place = LAB_TEXT("tasks", "the position its answer comes from"),
    .keys = LAB_TEXT("tasks", "key i, its own position"),
};
inline constexpr SourceWords samePlaceWords{
    .title = LAB_TEXT("tasks", "same place"),
    .brief = LAB_TEXT("tasks", "same place"),
    .place = LAB_TEXT("tasks", "the place of x that its answer comes from"),
    .keys = LAB_TEXT("tasks", "key i, the same place of x"),
};

/// How many symbols make a number that is uniform to 2^-32.
int digitsOfADraw(int symbols);
/// A number from `low` to `high`: so many symbols are its digits behind the point.
int numberDrawn(std::span<const int> digits, int symbols, int low, int high);

/// x has two halves: refuses an odd seq_len.
void requireHalves(const TaskConfig& task, const Refuse& refuse);

}  // namespace lab
