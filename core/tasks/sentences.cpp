#include "core/tasks/task_spec.h"

namespace lab {

extern constinit const TaskSpec sentencesTask{
    .name = "sentences",
    .title = LAB_TEXT("tasks", "Sentences"),
    .help =
        LAB_TEXT("tasks",
                 "sentences to look at with a model that was made elsewhere, framed as its tokenizer frames them; a decoder is asked for "
                 "the next token, an encoder for nothing"),
    .framing = Framing::given,
    .source = TaskSource::sentences,
    .anyLoss = true,
};

}  // namespace lab
