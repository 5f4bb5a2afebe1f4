#include "core/tasks/task_config.h"

namespace lab {
namespace {

TaskNeeds regressionNeeds(const TaskConfig& task) {
    const FunctionConfig& f = task.functions;
    if (f.layout == PromptLayout::joined) return {1, 1, f.points + 1, f.dimensions + 1};
    return {1, 1, 2 * f.points + 1, f.dimensions};
}

void regressionCheck(const TaskConfig& task, const Refuse& refuse) {
    const FunctionConfig& f = task.functions;
    if (f.function == FunctionKind::sparse && f.nonzero > f.dimensions)
        refuse("nonzero", Message(LAB_TEXT("tasks", "%1 weights cannot differ from 0 where there are %2; use at most %2"))
                              .arg(f.nonzero)
                              .arg(f.dimensions));
}

}  // namespace

extern constinit const TaskSpec regressionTask{
    .name = "regression",
    .title = LAB_TEXT("tasks", "Regression"),
    .help = LAB_TEXT("tasks", "the value at x of a function that only points in the context tell, another one in every sample"),
    .framing = Framing::given,
    .source = TaskSource::functions,
    .input = InputKind::vectors,
    .loss = LossKind::squared,
    .needs = regressionNeeds,
    .check = regressionCheck,
};

}  // namespace lab
