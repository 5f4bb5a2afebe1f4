#include "core/tasks/task_spec.h"

namespace lab {

extern const TaskSpec reverseTask, sortTask, swapTask, subTask, copyTask, shiftTask, rotateTask, addTask, parityTask, repeatTask, carryTask,
    pairsTask, textTask, storiesTask, imagesTask, shapesTask, regressionTask, glossaryTask, sentencesTask, maskedTask;

/// In the order in which choices and menus show them.
std::span<const TaskSpec* const> TaskSpec::table() {
    static constexpr const TaskSpec* rows[] = {
        &reverseTask, &sortTask,   &swapTask,   &subTask,        &copyTask,     &shiftTask,     &rotateTask,
        &addTask,     &parityTask, &repeatTask, &carryTask,      &pairsTask,    &textTask,      &maskedTask,
        &storiesTask, &imagesTask, &shapesTask, &regressionTask, &glossaryTask, &sentencesTask,
    };
    return rows;
}

}  // namespace lab
