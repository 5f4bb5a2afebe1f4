#pragma once

#include <string>
#include <vector>

#include "core/tasks/task_config.h"

namespace lab {

/// The numbers of task glossary. Ids of tokens: the values of all slots, slot by slot (these are the classes as well), a question for each
/// slot, the made-up words.
struct GlossaryConfig {
    int entries = 64;       ///< of a dictionary that is validated and tested on
    int trainEntries = 64;  ///< of one that is trained on
    int definition = 2;     ///< known words of a definition, one a slot
    int questions = 8;      ///< of a text
    int distractors = 1;    ///< known words before each question that have nothing to do with it
    int words = 1024;       ///< made-up words there are

    static constexpr int valuesOfSlot = 8;

    int values() const { return definition * valuesOfSlot; }
    int ask(int slot) const { return values() + slot; }
    int word(int number) const { return values() + definition + number; }
    int vocabulary() const { return word(words); }
    int entryTokens() const { return 1 + definition; }
    int textTokens() const { return questions * (distractors + 2); }
    /// Of a model that knows what is asked and guesses among the values of that slot.
    double chance() const { return 1.0 / valuesOfSlot; }
};

GlossaryConfig glossaryConfig(const TaskConfig& task);

/// The words of the tokens by their ids: "red", "stone", "colour?", "bazo".
std::vector<std::string> glossaryVocabulary(const GlossaryConfig& config);

}  // namespace lab
