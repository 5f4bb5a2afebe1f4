#include <algorithm>

#include "core/tasks/places.h"

namespace lab {
namespace {

std::vector<int> sortAnswer(std::vector<int> x, const TaskConfig&) {
    std::ranges::sort(x);
    return x;
}

/// All places where the answer's token stands.
AnswerKeys sortKeys(const std::vector<int>& x, const TaskConfig& task) {
    AnswerKeys keys;
    for (const int token : sortAnswer(x, task)) {
        std::vector<int>& places = keys.emplace_back();
        for (std::size_t j = 0; j < x.size(); ++j)
            if (x[j] == token) places.push_back(static_cast<int>(j));
    }
    return keys;
}

}  // namespace

extern constinit const TaskSpec sortTask{
    .name = "sort",
    .title = LAB_TEXT("tasks", "Sort"),
    .help = LAB_TEXT("tasks", "ascending"),
    .answer = sortAnswer,
    .basis = AnswerBasis::tokens,
    .keys = sortKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "answer"),
                .brief = LAB_TEXT("tasks", "on the answer"),
                .place = LAB_TEXT("tasks", "keys that hold the answer"),
                .keys = LAB_TEXT("tasks", "all keys that hold the answer's token")},
    .inX = {.place = LAB_TEXT("tasks", "keys of x that hold the answer"),
            .keys = LAB_TEXT("tasks", "all keys of x that hold the answer's token")},
};

}  // namespace lab
