#include "core/text/stories/story_words.h"

#include <array>
#include <cassert>

#include "core/base/random.h"

namespace lab {
namespace story_words {
namespace {

constexpr std::string_view girlRows[] = {"Mia", "Ada", "Ruth", "Nora", "Ella", "Iris", "Vera", "Lucy"};
constexpr std::string_view boyRows[] = {"Tom", "Ben", "Leo", "Hugo", "Karl", "Finn", "Jack", "Otto"};
constexpr std::string_view placeRows[] = {"drawer", "cellar", "attic",  "barn",  "cupboard", "shed",
                                          "chest",  "oven",   "stable", "wagon", "tent",     "crate"};
constexpr std::string_view adjectiveRows[] = {"old", "tall", "small", "wide", "dark", "grey", "round", "low"};
constexpr std::string_view traitRows[] = {"red", "blue", "green", "yellow", "white", "wet", "dusty", "heavy", "broken", "clean"};
constexpr std::string_view sideRows[] = {"near", "behind", "beside", "below"};
constexpr std::string_view animalRows[] = {"geese", "goats", "ducks", "sheep", "hens",   "mice",
                                           "cats",  "foxes", "crows", "frogs", "horses", "hares"};
constexpr std::string_view numberRows[] = {"one",   "two",   "three", "four", "five",   "six",
                                           "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
constexpr StoryNoun thingRows[] = {{"key", "keys"},       {"cup", "cups"},         {"lamp", "lamps"},     {"bell", "bells"},
                                   {"map", "maps"},       {"rope", "ropes"},       {"drum", "drums"},     {"kite", "kites"},
                                   {"coin", "coins"},     {"spoon", "spoons"},     {"broom", "brooms"},   {"ring", "rings"},
                                   {"candle", "candles"}, {"whistle", "whistles"}, {"button", "buttons"}, {"hammer", "hammers"}};
constexpr StoryNoun spotRows[] = {
    {"well", "wells"},     {"gate", "gates"},   {"tree", "trees"},   {"bench", "benches"},      {"wall", "walls"},
    {"bridge", "bridges"}, {"fence", "fences"}, {"pond", "ponds"},   {"mill", "mills"},         {"house", "houses"},
    {"rock", "rocks"},     {"hedge", "hedges"}, {"tower", "towers"}, {"fountain", "fountains"},
};

}  // namespace

const std::span<const std::string_view> girls = girlRows, boys = boyRows, places = placeRows, adjectives = adjectiveRows,
                                        traits = traitRows, sides = sideRows, animals = animalRows, numbers = numberRows;
const std::span<const StoryNoun> things = thingRows, spots = spotRows;

}  // namespace story_words

namespace {

using Words = std::vector<std::string_view>;

Words listOf(std::span<const std::string_view> words) {
    return {words.begin(), words.end()};
}

Words bothOf(std::span<const StoryNoun> nouns) {
    Words words;
    for (const StoryNoun& noun : nouns) words.insert(words.end(), {noun.one, noun.many});
    return words;
}

Words names() {
    Words words = listOf(story_words::girls);
    words.insert(words.end(), story_words::boys.begin(), story_words::boys.end());
    return words;
}

struct SlotKind {
    std::string_view name;
    Words (*words)();
};

constexpr SlotKind slotKinds[] = {
    {"name", names},
    {"thing", [] { return bothOf(story_words::things); }},
    {"spot", [] { return bothOf(story_words::spots); }},
    {"place", [] { return listOf(story_words::places); }},
    {"adjective", [] { return listOf(story_words::adjectives); }},
    {"trait", [] { return listOf(story_words::traits); }},
    {"side", [] { return listOf(story_words::sides); }},
    {"animal", [] { return listOf(story_words::animals); }},
    {"number", [] { return listOf(story_words::numbers); }},
    {"He",
     [] {
         return Words{"He", "She"};
     }},
    {"was",
     [] {
         return Words{"was", "were"};
     }},
    {"is",
     [] {
         return Words{"is", "are"};
     }},
    {"open",
     [] {
         return Words{"“", "("};
     }},
    {"close",
     [] {
         return Words{"”", ")"};
     }},
};

}  // namespace

std::vector<std::string_view> wordsOfSlot(std::string_view slot) {
    const std::string_view kind = slot.substr(0, slot.find_last_not_of("0123456789") + 1);
    for (const SlotKind& row : slotKinds)
        if (row.name == kind) return row.words();
    assert(false && "a slot is of a kind in the table");
    return {};
}

bool mayStandTogether(std::string_view name, std::string_view thing, std::string_view place, StoryPart part) {
    // Of 20 combinations 18 are for training and one for each of the others: if more were missing, it would pay to learn which.
    constexpr std::uint32_t shares = 20, forValidation = 1, forTest = 2;
    const std::uint64_t together = RandomStream::hash(std::string(name).append("|").append(thing).append("|").append(place));
    const std::uint32_t share = RandomStream(together, "stories.together").below(0, shares);
    if (share < forValidation) return part == StoryPart::validation;
    return share < forTest ? part == StoryPart::test : part == StoryPart::train;
}

}  // namespace lab
