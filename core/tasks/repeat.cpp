#include "core/tasks/places.h"

namespace lab {
namespace {

std::vector<int> repeatDraw(const DrawSymbols& symbols, const TaskConfig& task) {
    std::vector<int> x = symbols(task.seq_len / 2);
    const std::vector<int> block = x;
    x.insert(x.end(), block.begin(), block.end());
    return x;
}

/// The last position has no next token.
std::vector<int> repeatAnswer(std::vector<int> x, const TaskConfig&) {
    if (x.empty()) return x;
    x.erase(x.begin());
    x.push_back(-1);
    return x;
}

/// From the last query of the first block on, query i predicts token i + 1, which stood at key i + 1 - n / 2.
AnswerKeys repeatKeys(const std::vector<int>& x, const TaskConfig&) {
    const auto n = static_cast<int>(x.size());
    AnswerKeys keys(x.size());
    for (int i = n / 2 - 1; i >= 0 && i + 1 < n; ++i) keys[static_cast<std::size_t>(i)] = {i + 1 - n / 2};
    return keys;
}

}  // namespace

extern constinit const TaskSpec repeatTask{
    .name = "repeat",
    .title = LAB_TEXT("tasks", "Repeat"),
    .help = LAB_TEXT("tasks", "the next token of a block of n / 2 tokens shown twice"),
    .framing = Framing::nextToken,
    .answer = repeatAnswer,
    .draw = repeatDraw,
    .check = requireHalves,
    .basis = AnswerBasis::places,
    .keys = repeatKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "induction"),
                .brief = LAB_TEXT("tasks", "induction"),
                .place = LAB_TEXT("tasks", "the next token's place in the first block"),
                .keys = LAB_TEXT("tasks", "key i + 1 \u2212 n/2, from query n/2 \u2212 1 on")},
};

}  // namespace lab
