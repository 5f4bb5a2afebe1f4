#include "core/tasks/task_spec.h"

namespace lab {

extern constinit const TaskSpec storiesTask{
    .name = "stories",
    .title = LAB_TEXT("tasks", "Stories"),
    .help = LAB_TEXT("tasks", "the next token of short stories told by a seed, in which single words show what has been understood"),
    .framing = Framing::nextToken,
    .source = TaskSource::told,
};

}  // namespace lab
