#include <algorithm>

#include "core/tasks/places.h"

namespace lab {
namespace {

std::vector<int> reverseAnswer(std::vector<int> x, const TaskConfig&) {
    std::ranges::reverse(x);
    return x;
}

AnswerKeys reverseKeys(const std::vector<int>& x, const TaskConfig&) {
    return oneKeyEach(x.size(), [&](int i) { return static_cast<int>(x.size()) - 1 - i; });
}

}  // namespace

extern constinit const TaskSpec reverseTask{
    .name = "reverse",
    .title = LAB_TEXT("tasks", "Reverse"),
    .help = LAB_TEXT("tasks", "y_i = x_{n-1-i}"),
    .answer = reverseAnswer,
    .basis = AnswerBasis::places,
    .keys = reverseKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "mirror"),
                .brief = LAB_TEXT("tasks", "mirrored"),
                .place = LAB_TEXT("tasks", "the mirrored position"),
                .keys = LAB_TEXT("tasks", "key n \u2212 1 \u2212 i, the mirrored position")},
    .inX = {.place = LAB_TEXT("tasks", "the mirrored place of x"),
            .keys = LAB_TEXT("tasks", "key n \u2212 1 \u2212 i, the mirrored place of x")},
};

}  // namespace lab
