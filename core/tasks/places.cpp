#include "core/tasks/places.h"

namespace lab {

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
