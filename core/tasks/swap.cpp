#include "core/tasks/places.h"

namespace lab {
namespace {

std::vector<int> swapAnswer(std::vector<int> x, const TaskConfig&) {
    const auto half = static_cast<std::int64_t>(x.size() / 2);
    return turned(std::move(x), half);
}

AnswerKeys swapKeys(const std::vector<int>& x, const TaskConfig&) {
    const auto n = static_cast<int>(x.size());
    return oneKeyEach(x.size(), [n](int i) { return turnedKey(i, n, n / 2); });
}

}  // namespace

extern constinit const TaskSpec swapTask{
    .name = "swap",
    .title = LAB_TEXT("tasks", "Swap"),
    .help = LAB_TEXT("tasks", "the halves exchanged"),
    .answer = swapAnswer,
    .check = requireHalves,
    .basis = AnswerBasis::places,
    .keys = swapKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "other half"),
                .brief = LAB_TEXT("tasks", "other half"),
                .place = LAB_TEXT("tasks", "the same place in the other half"),
                .keys = LAB_TEXT("tasks", "key i \u00B1 n/2, the same place in the other half")},
    .inX = {.place = LAB_TEXT("tasks", "the same place in the other half of x"),
            .keys = LAB_TEXT("tasks", "key i \u00B1 n/2, the same place in the other half of x")},
};

}  // namespace lab
