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
    "Later they wanted the {thing} and looked in the {place}.",
    "Nobody had moved the {thing}: it was still in the {place}.",
};
constexpr std::string_view askedWho[] = {
    "About the {thing} they had a word with {name}.",
    "Who still knew about the {thing}? It was {name}.",
};
constexpr std::string_view askedWhat[] = {
    "Someone went to the {place} and came back with the {thing}.",
    "What was in the {place}? It was the {thing}.",
};
constexpr std::string_view sentences[] = {facts[0],    facts[1],    askedWhere[0], askedWhere[1],
                                          askedWho[0], askedWho[1], askedWhat[0],  askedWhat[1]};

/// A combination of this part of words that no other fact has.
StoryFact drawFact(StoryTeller& teller) {
    StoryDraw& draw = teller.draw();
    while (true) {
        const StoryFact fact{teller.name(), draw.of(story_words::things).one, draw.of(story_words::places)};
        const bool isNew = std::ranges::none_of(teller.told, [&](const StoryFact& other) {
            return other.name == fact.name || other.thing == fact.thing || other.place == fact.place;
        });
        if (isNew && teller.mayStandTogether(fact.name, fact.thing, fact.place)) return fact;
    }
}

void putAway(StoryTeller& teller) {
    for (int k = 0; k < teller.settings().facts; ++k) {
        StoryFact fact = drawFact(teller);
        const auto words = teller.say(teller.draw().of(facts), {{"name", fact.name}, {"thing", fact.thing}, {"place", fact.place}});
        fact.nameAt = words.at("name"), fact.thingAt = words.at("thing"), fact.placeAt = words.at("place");
        teller.told.push_back(fact);
        teller.facts.push_back(fact);
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
    assert(!teller.facts.empty());
    StoryDraw& draw = teller.draw();
    const std::size_t which = draw.below(teller.facts.size());
    const StoryFact fact = teller.facts[which];
    teller.facts.erase(teller.facts.begin() + static_cast<std::ptrdiff_t>(which));
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
    .help = LAB_TEXT("stories", "Who put what where, asked when something else has been told: they wanted the key and looked in the barn"),
    .choices = 4,
    .mostTokens = 13,
    .tellings = 2,
    .sentences = sentences,
    .prepare = putAway,
    .tell = ask,
};

}  // namespace lab
