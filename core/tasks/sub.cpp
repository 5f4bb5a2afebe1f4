#include "core/tasks/places.h"

namespace lab {
namespace {

std::vector<int> subAnswer(std::vector<int> x, const TaskConfig& task) {
    for (int& token : x) token = task.vocab_size - 1 - token;
    return x;
}

}  // namespace

extern constinit const TaskSpec subTask{
    .name = "sub",
    .title = LAB_TEXT("tasks", "Sub"),
    .help = LAB_TEXT("tasks", "y_i = vocab_size - 1 - x_i"),
    .answer = subAnswer,
    .basis = AnswerBasis::ownPlace,
    .keys = keysAt<ownPlace>,
    .inPlace = ownPlaceWords,
    .inX = samePlaceWords,
};

}  // namespace lab
