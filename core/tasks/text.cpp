#include "core/tasks/task_spec.h"

namespace lab {

extern constinit const TaskSpec textTask{
    .name = "text",
    .title = LAB_TEXT("tasks", "Text"),
    .help = LAB_TEXT("tasks", "the next token of your own text"),
    .framing = Framing::nextToken,
    .source = TaskSource::text,
};

}  // namespace lab
