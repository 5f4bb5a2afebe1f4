#include "core/tasks/places.h"

#include <algorithm>

namespace lab {

int digitsOfADraw(int symbols) {
    int digits = 0;
    for (double reach = 1; reach < 4294967296.0; reach *= symbols) ++digits;
    return digits;
}

int numberDrawn(std::span<const int> digits, int symbols, int low, int high) {
    double share = 0;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) share = (share + *digit) / symbols;
    return std::min(low + static_cast<int>(share * (high - low + 1)), high);
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

}  // namespace lab
