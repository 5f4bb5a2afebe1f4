#pragma once

#include "core/tasks/task_config.h"

// What several tasks say.

namespace lab {

/// One key for each answer i of n: keyOf(i).
template <class KeyOf>
AnswerKeys oneKeyEach(std::size_t n, KeyOf keyOf) {
    AnswerKeys keys(n);
    for (std::size_t i = 0; i < n; ++i) keys[i] = {static_cast<int>(keyOf(static_cast<int>(i)))};
    return keys;
}

/// y_i follows from x_i.
AnswerKeys ownPlaceKeys(const std::vector<int>& x, const TaskConfig& task);
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

/// x has two halves: refuses an odd seq_len.
void requireHalves(const TaskConfig& task, const Refuse& refuse);

/// `tokens` such that y_i = x_{i-k}, cyclic; k of any size and sign.
std::vector<int> turned(std::vector<int> tokens, std::int64_t k);
/// The key that y_i then comes from.
int turnedKey(int i, int n, std::int64_t k);

}  // namespace lab
