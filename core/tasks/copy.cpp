#include "core/tasks/places.h"

namespace lab {

extern constinit const TaskSpec copyTask{
    .name = "copy",
    .title = LAB_TEXT("tasks", "Copy"),
    .help = LAB_TEXT("tasks", "y = x"),
    .answer = tokensAt<ownPlace>,
    .basis = AnswerBasis::ownPlace,
    .keys = keysAt<ownPlace>,
    .inPlace = ownPlaceWords,
    .inX = samePlaceWords,
};

}  // namespace lab
