#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon backwardsPhenomenon;

namespace {

constexpr std::string_view lists[] = {
    "{name} called out: {thing1}, {thing2}, {thing3}.",
    "{name} called out: {thing1}, {thing2}, {thing3}, {thing4}.",
};
constexpr std::string_view backwards[] = {
    "Then {name} said it all backwards: {thing3}, {thing2}, {thing1}.",
    "Then {name} said it all backwards: {thing4}, {thing3}, {thing2}, {thing1}.",
};
constexpr std::string_view sentences[] = {lists[0], lists[1], backwards[0], backwards[1]};
constexpr std::string_view slots[] = {"thing1", "thing2", "thing3", "thing4"};

/// Every thing said backwards is chosen among those of the list that are left; the last one is no choice.
void tellBackwards(StoryTeller& teller) {
    StoryDraw& draw = teller.draw();
    const bool isLong = draw.coin();
    std::vector<StoryNoun> things;
    while (things.size() < (isLong ? 4 : 3))
        if (const StoryNoun& thing = teller.otherThing(); std::ranges::find(things, thing.one, &StoryNoun::one) == things.end())
            things.push_back(thing);
    std::vector<StorySlot> forth{{"name", teller.name()}}, back{{"name", teller.name()}};
    for (std::size_t k = 0; k < things.size(); ++k) forth.push_back({slots[k], things[k].one});
    const auto said = teller.say(lists[isLong], forth);
    for (std::size_t k = 0; k < things.size(); ++k) {
        StorySlot slot{slots[k], things[k].one};
        if (k > 0) slot.answer = {&backwardsPhenomenon, {}, "", said.at(slots[k])};
        for (std::size_t left = 0; left <= k && k > 0; ++left) slot.answer.choices.push_back(things[left].one);
        back.push_back(slot);
    }
    teller.say(backwards[isLong], back);
}

}  // namespace

extern constinit const StoryPhenomenon backwardsPhenomenon{
    .name = "backwards",
    .title = LAB_TEXT("stories", "Backwards"),
    .help = LAB_TEXT("stories", "A list said backwards: key, cup, bell. Backwards: bell, cup, key"),
    .choices = 4,
    .mostTokens = 27,
    .sentences = sentences,
    .tell = tellBackwards,
};

}  // namespace lab
