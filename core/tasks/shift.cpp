#include "core/tasks/places.h"

namespace lab {
namespace {

int previous(int i, int n, const TaskConfig&) {
    return placeBefore(i, n, 1);
}

}  // namespace

extern constinit const TaskSpec shiftTask{
    .name = "shift",
    .title = LAB_TEXT("tasks", "Shift"),
    .help = LAB_TEXT("tasks", "y_i = x_{i-1}, cyclic"),
    .answer = tokensAt<previous>,
    .basis = AnswerBasis::places,
    .keys = keysAt<previous>,
    .inPlace = {.title = LAB_TEXT("tasks", "shift"),
                .brief = LAB_TEXT("tasks", "previous"),
                .place = LAB_TEXT("tasks", "the previous position"),
                .keys = LAB_TEXT("tasks", "key i \u2212 1, cyclic")},
    .inX = {.brief = LAB_TEXT("tasks", "one before"),
            .place = LAB_TEXT("tasks", "the place before it in x"),
            .keys = LAB_TEXT("tasks", "key i \u2212 1 of x, cyclic")},
};

}  // namespace lab
