#include "core/tasks/places.h"

namespace lab {
namespace {

/// The last comes round to the front.
std::vector<int> shiftAnswer(std::vector<int> x, const TaskConfig&) {
    return turned(std::move(x), 1);
}

AnswerKeys shiftKeys(const std::vector<int>& x, const TaskConfig&) {
    return oneKeyEach(x.size(), [&](int i) { return turnedKey(i, static_cast<int>(x.size()), 1); });
}

}  // namespace

extern constinit const TaskSpec shiftTask{
    .name = "shift",
    .title = LAB_TEXT("tasks", "Shift"),
    .help = LAB_TEXT("tasks", "y_i = x_{i-1}, cyclic"),
    .answer = shiftAnswer,
    .basis = AnswerBasis::places,
    .keys = shiftKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "shift"),
                .brief = LAB_TEXT("tasks", "previous"),
                .place = LAB_TEXT("tasks", "the previous position"),
                .keys = LAB_TEXT("tasks", "key i \u2212 1, cyclic")},
    .inX = {.brief = LAB_TEXT("tasks", "one before"),
            .place = LAB_TEXT("tasks", "the place before it in x"),
            .keys = LAB_TEXT("tasks", "key i \u2212 1 of x, cyclic")},
};

}  // namespace lab
