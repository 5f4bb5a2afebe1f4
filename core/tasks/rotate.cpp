#include "core/tasks/places.h"

namespace lab {
namespace {

constexpr ParameterSpec parametersOfRotate[] = {
    {.key = "k",
     .help = LAB_TEXT("tasks", "rotate: by how many places the sequence moves on, y_i = x_{i-k}; 1 is shift, below 0 it moves back."),
     .limits = {-mostAtOnce, mostAtOnce},
     .standard = 2},
};

int turned(int i, int n, const TaskConfig& task) {
    return placeBefore(i, n, static_cast<std::int64_t>(task.parameters[parametersOfRotate[0]]));
}

}  // namespace

extern constinit const TaskSpec rotateTask{
    .name = "rotate",
    .title = LAB_TEXT("tasks", "Rotate"),
    .help = LAB_TEXT("tasks", "y_i = x_{i-k}, cyclic"),
    .parameters = parametersOfRotate,
    .answer = tokensAt<turned>,
    .basis = AnswerBasis::places,
    .keys = keysAt<turned>,
    .inPlace = {.title = LAB_TEXT("tasks", "rotation"),
                .brief = LAB_TEXT("tasks", "rotated"),
                .place = LAB_TEXT("tasks", "the position k = %1 before, cyclic"),
                .keys = LAB_TEXT("tasks", "key i \u2212 k, cyclic, k = %1")},
    .inX = {.place = LAB_TEXT("tasks", "the place k = %1 before it in x, cyclic"),
            .keys = LAB_TEXT("tasks", "key i \u2212 k of x, cyclic, k = %1")},
};

}  // namespace lab
