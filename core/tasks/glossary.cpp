#include "core/tasks/glossary.h"

#include <algorithm>
#include <array>

namespace lab {
namespace {

constexpr ParameterSpec parametersOfGlossary[] = {
    {.key = "entries",
     .help = LAB_TEXT("tasks", "glossary: entries of the dictionaries that are validated and tested on."),
     .limits = {1, 4096},
     .standard = 64},
    {.key = "train_entries",
     .help = LAB_TEXT("tasks", "glossary: entries of a dictionary that is trained on; 0: as many as are tested on."),
     .limits = {0, 4096},
     .standard = 0},
    {.key = "definition",
     .help = LAB_TEXT("tasks", "glossary: known words of a definition: a colour, a thing, a place."),
     .limits = {2, 3},
     .standard = 2},
    {.key = "questions", .help = LAB_TEXT("tasks", "glossary: questions of a text."), .limits = {1, 256}, .standard = 8},
    {.key = "distractors",
     .help = LAB_TEXT("tasks", "glossary: known words before each question that have nothing to do with it."),
     .limits = {0, 16},
     .standard = 1},
    {.key = "words",
     .help = LAB_TEXT("tasks", "glossary: made-up words there are; each dictionary has some of them, with definitions of its own."),
     .limits = {1, 4096},
     .standard = 1024},
};

struct Slot {
    const char* question;
    std::array<const char*, GlossaryConfig::valuesOfSlot> values;
};

constexpr std::array<Slot, 3> slots{{
    {"colour?", {"red", "blue", "green", "white", "black", "brown", "pink", "grey"}},
    {"thing?", {"stone", "bird", "tree", "cup", "lamp", "drum", "boat", "shoe"}},
    {"place?", {"field", "river", "town", "hill", "cave", "coast", "wood", "yard"}},
}};

/// Two syllables of a consonant and a vowel, of which no known word consists; neighbours differ in both.
std::string madeUpWord(int number) {
    constexpr std::string_view consonants = "bdfgjklmnprstvwz", vowels = "aeiou";
    constexpr int syllables = 80, step = 37;  // prime to all pairs of them: no word comes twice
    const int pair = number * step % (syllables * syllables);
    const auto syllable = [&](int place) {
        return std::string{consonants[static_cast<std::size_t>(place) % consonants.size()],
                           vowels[static_cast<std::size_t>(place) / consonants.size()]};
    };
    return syllable(pair % syllables) + syllable(pair / syllables);
}

TaskNeeds needsOfGlossary(const TaskConfig& task) {
    const GlossaryConfig config = glossaryConfig(task);
    const int entries = std::max(config.entries, config.trainEntries);
    return {config.vocabulary(), config.values(), entries * config.entryTokens() + config.textTokens()};
}

void checkGlossary(const TaskConfig& task, const Refuse& refuse) {
    const GlossaryConfig config = glossaryConfig(task);
    const auto requireWords = [&](const char* key, int entries) {
        if (entries > config.words)
            refuse(key, Message(LAB_TEXT("tasks", "%1 entries need as many made-up words, and there are %2; use fewer, or set words to %1"))
                            .arg(entries)
                            .arg(config.words));
    };
    requireWords("entries", config.entries);
    if (config.trainEntries != config.entries) requireWords("train_entries", config.trainEntries);
}

}  // namespace

GlossaryConfig glossaryConfig(const TaskConfig& task) {
    const auto number = [&](std::size_t i) { return static_cast<int>(task.parameters[parametersOfGlossary[i]]); };
    const int entries = number(0), trained = number(1);
    return {entries, trained > 0 ? trained : entries, number(2), number(3), number(4), number(5)};
}

std::vector<std::string> glossaryVocabulary(const GlossaryConfig& config) {
    std::vector<std::string> words;
    const auto used = std::span(slots).first(static_cast<std::size_t>(config.definition));
    for (const Slot& slot : used) words.insert(words.end(), slot.values.begin(), slot.values.end());
    for (const Slot& slot : used) words.emplace_back(slot.question);
    for (int i = 0; i < config.words; ++i) words.push_back(madeUpWord(i));
    return words;
}

extern constinit const TaskSpec glossaryTask{
    .name = "glossary",
    .title = LAB_TEXT("tasks", "Glossary"),
    .help =
        LAB_TEXT("tasks",
                 "questions about made-up words, which each dictionary defines anew in known words; model.dictionary says how the model "
                 "is given it"),
    .parameters = parametersOfGlossary,
    .framing = Framing::given,
    .source = TaskSource::glossary,
    .needs = needsOfGlossary,
    .check = checkGlossary,
};

}  // namespace lab
