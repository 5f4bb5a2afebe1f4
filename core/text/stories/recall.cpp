#include <cassert>

#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon recallPhenomenon;

namespace {

constexpr std::string_view facts[] = {
    "{name} put the {thing} in the {place}.",
    "{name} hid the {thing} in the {place}.",
};
constexpr std::string_view askedWhere[] = {
    "The {thing} was still in the {place}.",
    "Later they found the {thing} in the {place}.",
};
constexpr std::string_view askedWho[] = {
    "About the {thing} they asked {name}.",
    "The {thing} had been put away by {name}.",
};
constexpr std::string_view askedWhat[] = {
    "In the {place} there was still the {thing}.",
    "Someone opened the {place} and took the {thing}.",
};
constexpr std::string_view sentences[] = {facts[0],    facts[1],    askedWhere[0], askedWhere[1],
                                          askedWho[0], askedWho[1], askedWhat[0],  askedWhat[1]};

/// A combination of this part with a thing and a place that no other fact has.
StoryFact drawFact(StoryTeller& teller, std::string_view name) {
    StoryDraw& draw = teller.draw();
    while (true) {
        const StoryFact fact{name, teller.otherThing().one, draw.of(story_words::places)};
        const bool isNew = std::ranges::find(teller.told, fact.place, &StoryFact::place) == teller.told.end();
        if (isNew && teller.mayStandTogether(fact.name, fact.thing, fact.place)) return fact;
    }
}

void putAway(StoryTeller& teller) {
    for (const std::string_view name : teller.people()) {
        StoryFact fact = drawFact(teller, name);
        const auto words = teller.say(teller.draw().of(facts), {{"name", fact.name}, {"thing", fact.thing}, {"place", fact.place}});
        fact.nameAt = words.at("name"), fact.thingAt = words.at("thing"), fact.placeAt = words.at("place");
        teller.unasked.push_back(teller.told.size());
        teller.told.push_back(fact);
    }
}

/// What is asked, given one of the others.
struct Question {
    std::span<const std::string_view> sentences;
    std::string_view given, asked;
    std::string_view StoryFact::*givenWord, StoryFact::*askedWord;
    StoryRange StoryFact::*askedAt;
};
constexpr Question questions[] = {
    {askedWhere, "thing", "place", &StoryFact::thing, &StoryFact::place, &StoryFact::placeAt},
    {askedWho, "thing", "name", &StoryFact::thing, &StoryFact::name, &StoryFact::nameAt},
    {askedWhat, "place", "thing", &StoryFact::place, &StoryFact::thing, &StoryFact::thingAt},
};

void ask(StoryTeller& teller) {
    assert(!teller.unasked.empty());
    StoryDraw& draw = teller.draw();
    const std::size_t which = draw.below(teller.unasked.size());
    const StoryFact fact = teller.told[teller.unasked[which]];
    teller.unasked.erase(teller.unasked.begin() + static_cast<std::ptrdiff_t>(which));
    const Question& question = draw.of(questions);
    std::vector<std::string_view> choices;
    for (const StoryFact& other : teller.told) choices.push_back(other.*question.askedWord);
    teller.say(draw.of(question.sentences),
               {{question.given, fact.*question.givenWord},
                {question.asked, fact.*question.askedWord, {&recallPhenomenon, choices, "", fact.*question.askedAt}}});
}

}  // namespace

extern constinit const StoryPhenomenon recallPhenomenon{
    .name = "recall",
    .title = LAB_TEXT("stories", "Recall"),
    .help = LAB_TEXT("stories", "Who put what where, asked when something else has been told: the key was still in the barn"),
    .choices = 4,
    .mostTokens = 9,
    .tellings = 3,
    .sentences = sentences,
    .prepare = putAway,
    .tell = ask,
};

}  // namespace lab
