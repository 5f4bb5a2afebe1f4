#include "core/tasks/places.h"

namespace lab {
namespace {

int mirrored(int i, int n, const TaskConfig&) {
    return n - 1 - i;
}

}  // namespace

extern constinit const TaskSpec reverseTask{
    .name = "reverse",
    .title = LAB_TEXT("tasks", "Reverse"),
    .help = LAB_TEXT("tasks", "y_i = x_{n-1-i}"),
    .answer = tokensAt<mirrored>,
    .basis = AnswerBasis::places,
    .keys = keysAt<mirrored>,
    .inPlace = {.title = LAB_TEXT("tasks", "mirror"),
                .brief = LAB_TEXT("tasks", "mirrored"),
                .place = LAB_TEXT("tasks", "the mirrored position"),
                .keys = LAB_TEXT("tasks", "key n \u2212 1 \u2212 i, the mirrored position")},
    .inX = {.place = LAB_TEXT("tasks", "the mirrored place of x"),
            .keys = LAB_TEXT("tasks", "key n \u2212 1 \u2212 i, the mirrored place of x")},
};

}  // namespace lab
