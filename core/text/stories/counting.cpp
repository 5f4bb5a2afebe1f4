#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon countingPhenomenon;

namespace {

constexpr std::string_view openings[] = {
    "There were {number} {animal} by the {spot}.",
    "Someone saw {number} {animal} beside the {spot}.",
};
constexpr std::string_view more[] = {
    "Another one came along, and soon they counted {number}.",
    "One more of them came, which made it {number}.",
};
constexpr std::string_view fewer[] = {
    "One of them left again, and soon they counted {number}.",
    "Then one ran away, which made it {number}.",
};
constexpr std::string_view sentences[] = {openings[0], openings[1], more[0], more[1], fewer[0], fewer[1]};

void tellCounting(StoryTeller& teller) {
    StoryDraw& draw = teller.draw();
    const std::span<const std::string_view> numbers = story_words::numbers;
    std::size_t number = 1 + draw.below(numbers.size() - 2);  // one more and one fewer are numbers too
    const std::string_view animal = draw.of(story_words::animals), spot = teller.spot().noun;
    const auto seen = teller.say(draw.of(openings), {{"number", numbers[number]}, {"animal", animal}, {"spot", spot}});
    const bool up = draw.coin();
    number = up ? number + 1 : number - 1;
    const std::vector<std::string_view> choices(numbers.begin(), numbers.end());
    teller.say(draw.of(up ? std::span(more) : std::span(fewer)),
               {{"number", numbers[number], {&countingPhenomenon, choices, "", seen.at("number")}}});
}

}  // namespace

extern constinit const StoryPhenomenon countingPhenomenon{
    .name = "counting",
    .title = LAB_TEXT("stories", "Counting on"),
    .help = LAB_TEXT("stories",
                     "The next number, or the one before: there were six geese. Another one came along, and soon they counted seven"),
    .choices = 12,
    .mostTokens = 20,
    .sentences = sentences,
    .tell = tellCounting,
};

}  // namespace lab
