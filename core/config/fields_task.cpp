#include "core/config/field_list.h"
#include "core/tasks/masked_config.h"
#include "core/text/cleaning.h"

namespace lab {
namespace {

bool isBuiltIn(const Experiment& e) {
    return e.task.kind->isBuiltIn();
}

bool isTold(const Experiment& e) {
    return e.task.kind->source == TaskSource::told;
}

bool isFromFile(const Experiment& e) {
    return e.task.kind->readsFiles();
}

bool isSentences(const Experiment& e) {
    return e.task.kind->source == TaskSource::sentences;
}

/// As many sequences as are asked for.
bool isMade(const Experiment& e) {
    return !isFromFile(e) && !isSentences(e);
}

bool isPairs(const Experiment& e) {
    return e.task.kind->source == TaskSource::pairs;
}

bool isText(const Experiment& e) {
    return e.task.kind->source == TaskSource::text;
}

void addBuiltInFields(FieldList& list) {
    list.add(
        "task.seq_len", [](auto& e) -> auto& { return e.task.seq_len; },
        {.help = LAB_TEXT(
             "help",
             "Length n of a task's sequence x. A decoder reads x SEP y: 2 n + 1 tokens where y is as long as x (repeat: x alone). Text: "
             "tokens of a block, as many as the model sees. Stories: tokens of a story at the most."),
         .limits = {1, mostAtOnce},
         .applies = [](const Experiment& e) { return isBuiltIn(e) || isText(e) || isTold(e); },
         .common = true});
    list.add(
        "task.vocab_size", [](auto& e) -> auto& { return e.task.vocab_size; },
        {.help = LAB_TEXT(
             "help",
             "How many different symbols the task draws from, uniformly and independently (repeat: its first half): 0 .. vocab_size - 1."),
         .limits = {2, mostAtOnce},
         .applies = isBuiltIn});
    list.add("task.train_size", [](auto& e) -> auto& { return e.task.train_size; },
             {.help = LAB_TEXT("help", "Number of training sequences; an epoch shows each at most once."),
              .limits = {1, mostCounted},
              .applies = isMade});
}

void addSetSizes(FieldList& list) {
    list.add("task.validation_size", [](auto& e) -> auto& { return e.task.validation_size; },
             {.help = LAB_TEXT(
                  "help",
                  "Number of sequences that are validated on, drawn apart from those trained on (of short sequences the same "
                  "may come in both). Absent: 1000; of pairs a tenth of the lines, or none without shuffling; of text at most 400 blocks, "
                  "evenly spread over the validation's text, which overlap by half and score their second half (masked: side by side); the "
                  "test is then on all of them; of images the last tenth of the training file, 5000 at most."),
              .limits = {0, mostCounted},
              .applies = [](const Experiment& e) { return isMade(e) || e.task.validation_path.empty(); },
              .presence = Presence::derived});
    list.add("task.test_size", [](auto& e) -> auto& { return e.task.test_size; },
             {.help = LAB_TEXT("help", "Number of sequences tested on once, after the last step."),
              .limits = {0, mostCounted},
              .applies = isMade});
    list.add("task.seed", [](auto& e) -> auto& { return e.task.seed; },
             {.help = LAB_TEXT("help", "Makes the data: sequence i of each part is a pure function of (seed, part, i)."),
              .limits = {0, largestSeed},
              .applies = [](const Experiment& e) { return isMade(e) || isMasked(e.task); },
              .label = "task seed"});
}

void addTextFields(FieldList& list) {
    list.add("task.tokenizer", [](auto& e) -> auto& { return e.task.text.tokenizer; },
             {.help = LAB_TEXT(
                  "help",
                  "What cuts text into tokens: characters, bytes, bpe (learned from the text that is trained on; Sennrich 2016), "
                  "model (what the model came with that was opened from elsewhere), or the path of a tokenizer.json, relative to the "
                  "experiment's file."),
              .applies = [](const Experiment& e) { return isText(e) || isSentences(e); },
              .common = true});
    list.add("task.sentences", [](auto& e) -> auto& { return e.task.text.sentences; },
             {.help = LAB_TEXT("help",
                               "A text file with one sentence a line, or two with a tab between them; relative to the experiment's file. "
                               "Empty: some that are built in."),
              .applies = isSentences,
              .common = true});
    list.add("task.pieces", [](auto& e) -> auto& { return e.task.text.pieces; },
             {.help = LAB_TEXT("help", "Pieces of bpe, the 256 bytes among them; fewer when no pair is left to merge."),
              .limits = {256, mostRows},
              .applies = [](const Experiment& e) { return (isText(e) || isSentences(e)) && e.task.text.tokenizer == bpeTokens; },
              .common = true});
    list.add(
        "task.documents", [](auto& e) -> auto& { return e.task.text.documents; },
        {.help = kindHelp<DocumentCut>(LAB_TEXT("help", "What parts the documents of a text.")), .applies = isText, .label = "documents"});
    list.add(
        "task.cleaning", [](auto& e) -> auto& { return e.task.text.cleaning; },
        {.help = rowsHelp(
             LAB_TEXT("help", "Rules by which text is cleaned, in this order, whatever the order of the names; absent: the usual ones."),
             CleaningRule::table(), [](const CleaningRule& rule) -> const CleaningRule& { return rule; }),
         .applies = isText,
         .presence = Presence::derived});
    list.add("task.split", [](auto& e) -> auto& { return e.task.text.split; },
             {.help = kindHelp<TextSplit>(LAB_TEXT("help", "What of a text is validated on.")), .applies = isText, .label = "split"});
    list.add("task.validation_share", [](auto& e) -> auto& { return e.task.text.validation_share; },
             {.help = LAB_TEXT("help", "Share of the text that is validated on."), .limits = {0.001, 0.5}, .applies = isText});
}

}  // namespace

void addTaskFields(FieldList& list) {
    list.add("task.kind", [](auto& e) -> auto& { return e.task.kind; },
             {.help = kindHelp<TaskSpec>(LAB_TEXT("help",
                                                  "What is to be learned, y of a sequence x. Reverse to copy are the tasks of Borji 2023 "
                                                  "(arXiv 2305.19129).")),
              .common = true,
              .label = "task"});
    list.addParameters(
        "task", [](auto& e) -> auto& { return e.task.kind; }, [](auto& e) -> auto& { return e.task.parameters; }, {.common = true});
    addRepeatFields(list);
    addBuiltInFields(list);
    addSetSizes(list);
    list.add("task.path", [](auto& e) -> auto& { return e.task.path; },
             {.help = LAB_TEXT("help",
                               "The pairs file (one example a line: input TAB target), or text: a file, a folder or several, parted by "
                               "semicolons (.txt, .md, gzip; a semicolon of a name is written \\;), or images: a folder of IDX files; "
                               "relative to the experiment's file. built-in:NAME are those of a preset; fashion-mnist is what Debian's "
                               "package dataset-fashion-mnist installs."),
              .applies = isFromFile,
              .presence = Presence::required,
              .common = true});
    list.add("task.validation_path", [](auto& e) -> auto& { return e.task.validation_path; },
             {.help = LAB_TEXT("help", "A second pairs file to validate on; without it the last validation_size lines serve."),
              .applies = isPairs});
    addTextFields(list);
    addPictureFields(list);
    addFunctionFields(list);
}

}  // namespace lab
