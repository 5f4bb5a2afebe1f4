#include "core/tasks/masked_config.h"

namespace lab {
namespace {

constexpr ParameterSpec parametersOfMasked[] = {
    {.key = "masked_share",
     .help =
         LAB_TEXT("tasks",
                  "masked: share of the tokens of a block that are to be guessed, one at least. Of these the model reads the mask token "
                  "in 80 of 100, any other token in 10 and the token itself in 10 (Devlin 2018)."),
     .limits = {0.01, 0.9},
     .standard = MaskedConfig().share,
     .integer = false,
     .label = "masked share"},
};

}  // namespace

bool isMasked(const TaskConfig& task) {
    return task.kind->source == TaskSource::text && task.kind->framing == Framing::given;
}

MaskedConfig maskedConfig(const TaskConfig& task) {
    return {task.parameters[parametersOfMasked[0]]};
}

extern constinit const TaskSpec maskedTask{
    .name = "masked",
    .title = LAB_TEXT("tasks", "Masked words"),
    .help = LAB_TEXT("tasks",
                     "some tokens of your own text, which an encoder guesses from both sides (BERT; Devlin 2018), chosen anew each time "
                     "(RoBERTa; Liu 2019)"),
    .parameters = parametersOfMasked,
    .framing = Framing::given,
    .source = TaskSource::text,
};

}  // namespace lab
