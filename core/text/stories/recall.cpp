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
/// Behind some of the facts: the words once more, close by. What is copied from here teaches to copy from afar.
constexpr std::string_view echo = "Only {name} knew that the {thing} was in the {place}.";
constexpr int echoes = 2;
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
constexpr std::string_view sentences[] = {facts[0],    facts[1],    echo,         askedWhere[0], askedWhere[1],
                                          askedWho[0], askedWho[1], askedWhat[0], askedWhat[1]};

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

void putAway(StoryTeller& teller) {
    Facts drawn = drawFacts(teller);
    std::vector<bool> echoed(drawn.size());
    std::fill_n(echoed.begin(), std::min<std::size_t>(echoes, drawn.size()), true);
    teller.draw().shuffle(echoed);
    for (std::size_t k = 0; k < drawn.size(); ++k) {
        StoryFact& fact = drawn[k];
        const std::vector<StorySlot> slots{{"name", fact.name}, {"thing", fact.thing}, {"place", fact.place}};
        const auto words = teller.say(teller.draw().of(facts), slots);
        fact.nameAt = words.at("name"), fact.thingAt = words.at("thing"), fact.placeAt = words.at("place");
        if (echoed[k]) teller.say(echo, slots);
        teller.unasked.push_back(k);
    }
    teller.told = std::move(drawn);
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
