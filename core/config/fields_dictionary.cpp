#include "core/config/field_list.h"

namespace lab {
namespace {

bool hasDictionary(const Experiment& e) {
    return e.task.kind->source == TaskSource::glossary;
}

}  // namespace

void addDictionaryFields(FieldList& list) {
    list.add("model.dictionary.kind", [](auto& e) -> auto& { return e.model.dictionary.kind; },
             {.help = kindHelp<DictionaryKind>(LAB_TEXT(
                  "help",
                  "How the model is given the entries of a dictionary. attended and standing make an encoder-decoder of a decoder. The "
                  "encoder of the entries learns with the rest; training.frozen encoder leaves it as it began.")),
              .applies = hasDictionary,
              .common = true,
              .label = "dictionary"});
    list.add("model.dictionary.entry", [](auto& e) -> auto& { return e.model.dictionary.entry; },
             {.help = LAB_TEXT("help", "Tokens of an entry, its word last. Absent: what the task has."),
              .limits = {1, 64},
              .applies = [](const Experiment& e) { return hasDictionary(e) && specOf(e.model.dictionary.kind).apart; },
              .presence = Presence::derived});
}

}  // namespace lab
