#include "core/tasks/places.h"

#include <algorithm>

namespace lab {

AnswerKeys ownPlaceKeys(const std::vector<int>& x, const TaskConfig&) {
    return oneKeyEach(x.size(), [](int i) { return i; });
}

void requireHalves(const TaskConfig& task, const Refuse& refuse) {
    const int n = task.seq_len;
    if (n % 2 == 0) return;
    Message why = n > 1 ? LAB_TEXT("tasks", "%1 is odd; %2 has two halves, so use %3 or %4")
                        : LAB_TEXT("tasks", "%1 is odd; %2 has two halves, so use %3");
    why.arg(n).arg(task.kind.name());
    if (n > 1) why.arg(n - 1);
    refuse("seq_len", std::move(why.arg(n + 1)));
}

int turnedKey(int i, int n, std::int64_t k) {
    return static_cast<int>(((i - k) % n + n) % n);
}

std::vector<int> turned(std::vector<int> tokens, std::int64_t k) {
    if (tokens.empty()) return tokens;
    std::ranges::rotate(tokens, tokens.begin() + turnedKey(0, static_cast<int>(tokens.size()), k));
    return tokens;
}

}  // namespace lab
