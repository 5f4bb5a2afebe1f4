#include <algorithm>
#include <numeric>

#include "core/tasks/places.h"

namespace lab {
namespace {

constexpr ParameterSpec parametersOfParity[] = {
    {.key = "min_len",
     .help = LAB_TEXT("tasks", "parity: length of the shortest sequences; each has a length drawn from min_len to seq_len."),
     .limits = {1, mostAtOnce},
     .standard = 1},
};

int shortestOfParity(const TaskConfig& task) {
    return static_cast<int>(task.parameters[parametersOfParity[0]]);
}

/// The symbols behind the n tokens say how many of these there are.
std::vector<int> parityDraw(const DrawSymbols& symbols, const TaskConfig& task) {
    std::vector<int> x = symbols(task.seq_len + digitsOfADraw(task.vocab_size));
    const auto digits = std::span<const int>(x).subspan(static_cast<std::size_t>(task.seq_len));
    x.resize(static_cast<std::size_t>(numberDrawn(digits, task.vocab_size, shortestOfParity(task), task.seq_len)));
    return x;
}

std::vector<int> parityAnswer(std::vector<int> x, const TaskConfig& task) {
    int sum = 0;
    for (int& token : x) token = sum = (sum + token) % task.vocab_size;
    return x;
}

/// All places up to the answer's own.
AnswerKeys parityKeys(const std::vector<int>& x, const TaskConfig&) {
    AnswerKeys keys;
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::vector<int>& places = keys.emplace_back(i + 1);
        std::iota(places.begin(), places.end(), 0);
    }
    return keys;
}

void parityCheck(const TaskConfig& task, const Refuse& refuse) {
    if (shortestOfParity(task) <= task.seq_len) return;
    refuse("min_len",
           Message(LAB_TEXT("tasks", "%1 is longer than seq_len %2; use at most %2")).arg(shortestOfParity(task)).arg(task.seq_len));
}

}  // namespace

extern constinit const TaskSpec parityTask{
    .name = "parity",
    .title = LAB_TEXT("tasks", "Parity"),
    .help = LAB_TEXT("tasks",
                     "y_i = (x_0 + .. + x_i) mod vocab_size, with vocab_size 2 whether the ones up to place i are odd in number; sequences "
                     "of min_len to seq_len tokens"),
    .parameters = parametersOfParity,
    .answer = parityAnswer,
    .draw = parityDraw,
    .varies = true,
    .check = parityCheck,
    .basis = AnswerBasis::places,
    .keys = parityKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "up to its place"),
                .brief = LAB_TEXT("tasks", "up to its place"),
                .place = LAB_TEXT("tasks", "the positions up to the answer's own"),
                .keys = LAB_TEXT("tasks", "keys 0 to i, all that are added up")},
    .inX = {.place = LAB_TEXT("tasks", "the places of x up to the answer's own"),
            .keys = LAB_TEXT("tasks", "keys 0 to i of x, all that are added up")},
};

}  // namespace lab
