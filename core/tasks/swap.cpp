#include "core/tasks/places.h"

namespace lab {
namespace {

int inOtherHalf(int i, int n, const TaskConfig&) {
    return placeBefore(i, n, n / 2);
}

}  // namespace

extern constinit const TaskSpec swapTask{
    .name = "swap",
    .title = LAB_TEXT("tasks", "Swap"),
    .help = LAB_TEXT("tasks", "the halves exchanged"),
    .answer = tokensAt<inOtherHalf>,
    .check = requireHalves,
    .basis = AnswerBasis::places,
    .keys = keysAt<inOtherHalf>,
    .inPlace = {.title = LAB_TEXT("tasks", "other half"),
                .brief = LAB_TEXT("tasks", "other half"),
                .place = LAB_TEXT("tasks", "the same place in the other half"),
                .keys = LAB_TEXT("tasks", "key i \u00B1 n/2, the same place in the other half")},
    .inX = {.place = LAB_TEXT("tasks", "the same place in the other half of x"),
            .keys = LAB_TEXT("tasks", "key i \u00B1 n/2, the same place in the other half of x")},
};

}  // namespace lab
