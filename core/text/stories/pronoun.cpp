#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon pronounPhenomenon;

namespace {

constexpr std::string_view meetings[] = {
    "{name1} and {name2} went down to the {spot}.",
    "{name1} met {name2} beside the {spot}.",
};
constexpr std::string_view sequels[] = {
    "{He} sang a long song, and then everybody clapped for {name}.",
    "{He} was tired after the walk, so they all waited for {name}.",
    "{He} had a birthday that day, so they all danced with {name}.",
};
constexpr std::string_view sentences[] = {meetings[0], meetings[1], sequels[0], sequels[1], sequels[2]};

/// A girl and a boy, either of them first and either of them meant.
void tellPronoun(StoryTeller& teller) {
    StoryDraw& draw = teller.draw();
    const StoryPair pair = teller.pair();
    const std::string_view spot = teller.spot().noun;
    const auto met = teller.say(draw.of(meetings), {{"name1", pair.first}, {"name2", pair.second}, {"spot", spot}});
    const bool firstMeant = draw.coin();
    const bool girlMeant = firstMeant == pair.girlFirst;
    teller.say(draw.of(sequels), {{"He", girlMeant ? "She" : "He"},
                                  {"name",
                                   firstMeant ? pair.first : pair.second,
                                   {&pronounPhenomenon, {pair.first, pair.second}, "", met.at(firstMeant ? "name1" : "name2")}}});
}

}  // namespace

extern constinit const StoryPhenomenon pronounPhenomenon{
    .name = "pronoun",
    .title = LAB_TEXT("stories", "Pronoun"),
    .help = LAB_TEXT("stories", "Who is meant by he or she: Mia met Tom. She sang a song, and everybody clapped for Mia"),
    .choices = 2,
    .mostTokens = 23,
    .sentences = sentences,
    .tell = tellPronoun,
};

}  // namespace lab
