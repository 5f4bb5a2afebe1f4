#include <algorithm>
#include <cassert>
#include <optional>

#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon recallPhenomenon;

namespace {

/// A way to tell a fact and to ask about it. What is asked for stands behind what it is asked by in both: so a fact told by its name is
/// asked about by the name, for the thing and then the place, and one told by its place by the place, for the name and then the thing.
struct Order {
    std::span<const std::string_view> told, asked;
    std::string_view given;  ///< the slot that is not asked for
};

constexpr std::string_view toldByName[] = {
    "{name} put the {thing} in the {place}.",
    "{name} hid the {thing} in the {place}.",
};
constexpr std::string_view askedByName[] = {
    "Only {name} knew that the {thing} was in the {place}.",
    "Later {name} saw that the {thing} was in the {place}.",
};
constexpr std::string_view toldByPlace[] = {
    "In the {place} {name} put the {thing}.",
    "In the {place} {name} hid the {thing}.",
};
constexpr std::string_view askedByPlace[] = {
    "Out of the {place} came {name} with the {thing}.",
    "Outside the {place} stood {name} with the {thing}.",
};
constexpr Order orders[] = {{toldByName, askedByName, "name"}, {toldByPlace, askedByPlace, "place"}};
constexpr std::string_view sentences[] = {toldByName[0],  toldByName[1],  askedByName[0],  askedByName[1],
                                          toldByPlace[0], toldByPlace[1], askedByPlace[0], askedByPlace[1]};
constexpr int factTokens = 8, questionTokens = 11;  // "Mia put the key in the barn.", "Only Mia knew that the key was in the barn."
/// Behind each fact, one of those told so far is asked about, which nobody counts: among few first, and close by.
constexpr int nearTokens = questionTokens;

using Facts = std::vector<StoryFact>;

/// Somebody puts a thing somewhere that are in no other fact, all three a combination of this part; nothing when so many draws found none.
std::optional<StoryFact> drawFact(StoryTeller& teller, const Facts& others, std::string_view name) {
    constexpr int draws = 200;
    StoryDraw& draw = teller.draw();
    for (int k = 0; k < draws; ++k) {
        const StoryFact fact{name, draw.of(story_words::things).one, draw.of(story_words::places)};
        const bool isNew =
            std::ranges::none_of(others, [&](const StoryFact& other) { return other.thing == fact.thing || other.place == fact.place; });
        if (isNew && teller.mayStandTogether(fact.name, fact.thing, fact.place)) return fact;
    }
    return std::nullopt;
}

/// One for each of the story's people; begun anew when the last ones find nothing left.
Facts drawFacts(StoryTeller& teller) {
    Facts drawn;
    while (drawn.size() < teller.people().size()) {
        const auto fact = drawFact(teller, drawn, teller.people()[drawn.size()]);
        if (fact)
            drawn.push_back(*fact);
        else
            drawn.clear();
    }
    return drawn;
}

/// Of a sentence about a fact; with choices, all but what is given are answers.
std::vector<StorySlot> slotsOf(const StoryFact& fact, const Facts& choices) {
    std::vector<StorySlot> slots{{"name", fact.name}, {"thing", fact.thing}, {"place", fact.place}};
    if (choices.empty()) return slots;
    const auto ask = [&](StorySlot& slot, std::string_view StoryFact::*word, StoryRange source) {
        if (slot.name == orders[fact.order].given) return;
        slot.answer = {&recallPhenomenon, {}, "", source};
        for (const StoryFact& choice : choices) slot.answer.choices.push_back(choice.*word);
    };
    ask(slots[0], &StoryFact::name, fact.nameAt);
    ask(slots[1], &StoryFact::thing, fact.thingAt);
    ask(slots[2], &StoryFact::place, fact.placeAt);
    return slots;
}

void askAbout(StoryTeller& teller, const StoryFact& fact, const Facts& choices) {
    teller.say(teller.draw().of(orders[fact.order].asked), slotsOf(fact, choices));
}

void putAway(StoryTeller& teller) {
    Facts drawn = drawFacts(teller);
    for (std::size_t k = 0; k < drawn.size(); ++k) {
        StoryFact& fact = drawn[k];
        fact.order = teller.draw().below(std::size(orders));
        const auto words = teller.say(teller.draw().of(orders[fact.order].told), slotsOf(fact, {}));
        fact.nameAt = words.at("name"), fact.thingAt = words.at("thing"), fact.placeAt = words.at("place");
        askAbout(teller, drawn[teller.draw().below(k + 1)], {});
        teller.unasked.push_back(k);
    }
    teller.told = std::move(drawn);
}

int mostPutAway(int facts) {
    return facts * (factTokens + nearTokens);
}

void ask(StoryTeller& teller) {
    assert(!teller.unasked.empty());
    const std::size_t which = teller.draw().below(teller.unasked.size());
    const StoryFact fact = teller.told[teller.unasked[which]];
    teller.unasked.erase(teller.unasked.begin() + static_cast<std::ptrdiff_t>(which));
    askAbout(teller, fact, teller.told);
}

}  // namespace

extern constinit const StoryPhenomenon recallPhenomenon{
    .name = "recall",
    .title = LAB_TEXT("stories", "Recall"),
    .help = LAB_TEXT("stories", "Who put what where, asked when something else has been told: later Mia saw that the key was in the barn"),
    .choices = 4,
    .mostTokens = questionTokens,
    .tellings = 4,
    .sentences = sentences,
    .prepare = putAway,
    .mostPrepared = mostPutAway,
    .tell = ask,
};

}  // namespace lab
