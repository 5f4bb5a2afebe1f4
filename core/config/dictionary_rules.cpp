#include "core/config/experiment.h"
#include "core/config/problem_list.h"
#include "core/tasks/glossary.h"

namespace lab {
namespace {

/// Which stacks go with a way to give the dictionary; a decoder has become an encoder-decoder by now where it has to.
void checkArchitecture(const Experiment& e, ProblemList& problems) {
    const DictionarySpec& dictionary = specOf(e.model.dictionary.kind);
    const bool twoSides = specOf(e.model.architecture).twoSides();
    if (dictionary.apart && !twoSides)
        problems.add("model.architecture",
                     Message(LAB_TEXT("config", "an encoder alone has no decoder to read a dictionary that is %1; use decoder"))
                         .arg(dictionary.name));
    if (!dictionary.apart && twoSides)
        problems.add("model.architecture",
                     Message(LAB_TEXT("config",
                                      "an encoder-decoder's encoder reads the dictionary, which model.dictionary %1 does not give "
                                      "it; use decoder, or dictionary attended or standing"))
                         .arg(dictionary.name));
}

void checkEntry(const Experiment& e, ProblemList& problems) {
    const DictionarySpec& dictionary = specOf(e.model.dictionary.kind);
    if (!dictionary.apart || !problems.sound({"model.dictionary.entry"})) return;
    const int tokens = glossaryConfig(e.task).entryTokens();
    if (*e.model.dictionary.entry != tokens)
        problems.add("model.dictionary.entry",
                     Message(LAB_TEXT("config", "%1, but the task's entries have %2 tokens; use %2 or leave it out"))
                         .arg(*e.model.dictionary.entry)
                         .arg(tokens));
}

}  // namespace

void checkDictionary(const Experiment& e, ProblemList& problems) {
    const DictionarySpec& dictionary = specOf(e.model.dictionary.kind);
    if (e.task.kind->source == TaskSource::glossary) {
        checkArchitecture(e, problems);
        checkEntry(e, problems);
    } else if (dictionary.inFront || dictionary.apart) {
        problems.add("model.dictionary.kind",
                     Message(LAB_TEXT("config", "task %1 has no dictionary; use none, or task glossary")).arg(e.task.kind.name()));
    }
    if (dictionary.lookedUp && !e.model.hasFeedForward())
        problems.add("model.d_ff", LAB_TEXT("config", "a standing dictionary is read by the feed-forward layer; use at least 1"));
}

}  // namespace lab
