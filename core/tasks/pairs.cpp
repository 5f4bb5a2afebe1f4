#include "core/tasks/task_spec.h"

namespace lab {

extern constinit const TaskSpec pairsTask{
    .name = "pairs",
    .title = LAB_TEXT("tasks", "Pairs"),
    .help = LAB_TEXT("tasks", "your own file"),
    .framing = Framing::given,
    .source = TaskSource::pairs,
};

}  // namespace lab
