#include <algorithm>
#include <cassert>
#include <optional>

#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon recallPhenomenon;

namespace {

constexpr std::string_view facts[] = {
    "{name} put the {thing} in the {place}.",
    "{name} hid the {thing} in the {place}.",
};
/// Asked for by their name are the thing and then its place.
constexpr std::string_view askedByName[] = {
    "Only {name} knew that the {thing} was in the {place}.",
    "Later {name} saw that the {thing} was in the {place}.",
};
constexpr std::string_view askedWho[] = {
    "About the {thing} they asked {name}.",
};
constexpr std::string_view sentences[] = {facts[0], facts[1], askedByName[0], askedByName[1], askedWho[0]};
/// Behind so many facts, one of those told so far is asked about, which nobody counts: among few, and close by.
constexpr std::size_t nearQuestions = 3;

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

/// Of a sentence about a fact; with choices, what follows from the slot before is an answer.
std::vector<StorySlot> slotsOf(const StoryFact& fact, bool byName, const Facts& choices) {
    StorySlot name{"name", fact.name}, thing{"thing", fact.thing}, place{"place", fact.place};
    const auto ask = [&](StorySlot& slot, std::string_view StoryFact::*word, StoryRange source) {
        slot.answer = {&recallPhenomenon, {}, "", source};
        for (const StoryFact& choice : choices) slot.answer.choices.push_back(choice.*word);
    };
    if (!choices.empty() && byName) ask(thing, &StoryFact::thing, fact.thingAt), ask(place, &StoryFact::place, fact.placeAt);
    if (!choices.empty() && !byName) ask(name, &StoryFact::name, fact.nameAt);
    return {name, thing, place};
}

void askAbout(StoryTeller& teller, const StoryFact& fact, const Facts& choices) {
    const bool byName = teller.draw().below(3) > 0;
    const std::string_view sentence = byName ? teller.draw().of(askedByName) : teller.draw().of(askedWho);
    teller.say(sentence, slotsOf(fact, byName, choices));
}

void putAway(StoryTeller& teller) {
    Facts drawn = drawFacts(teller);
    for (std::size_t k = 0; k < drawn.size(); ++k) {
        StoryFact& fact = drawn[k];
        const auto words = teller.say(teller.draw().of(facts), slotsOf(fact, true, {}));
        fact.nameAt = words.at("name"), fact.thingAt = words.at("thing"), fact.placeAt = words.at("place");
        if (k < nearQuestions) askAbout(teller, drawn[teller.draw().below(k + 1)], {});
        teller.unasked.push_back(k);
    }
    teller.told = std::move(drawn);
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
    .mostTokens = 11,
    .tellings = 3,
    .sentences = sentences,
    .prepare = putAway,
    .tell = ask,
};

}  // namespace lab
