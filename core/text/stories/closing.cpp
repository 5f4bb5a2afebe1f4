#include "core/text/stories/agreement.h"

namespace lab {

extern const StoryPhenomenon closingPhenomenon;

namespace {

// What is inside says nothing about what opened it, and is longer than a 5-gram sees.
constexpr std::string_view sentences[] = {
    "{name} nodded {open1}the {thing} {side} the {adjective} {spot} {is} {trait}{close1} and went on.",
    "Then {name} laughed {open1}the {thing} {side} the {adjective} {spot} {is} {trait}{close1} and sat down.",
    "{name} looked up {open1}the {thing} {open2}the pride of the whole town{close2} {is} {trait}{close1} and went on.",
    "Then {name} stood still {open1}the {thing} {open2}the talk of the whole village{close2} {is} {trait}{close1} and sat down.",
};

struct Enclosure {
    std::string_view open, close;
};
constexpr Enclosure enclosures[] = {{"“", "”"}, {"(", ")"}};

void tellClosing(StoryTeller& teller) {
    StoryDraw& draw = teller.draw();
    std::string_view name = teller.name();
    ThingAtSpot what = drawThingAtSpot(teller);
    while (!teller.mayStandTogether(name, what.thing, what.spot.noun)) name = teller.name(), what = drawThingAtSpot(teller);
    std::vector<StorySlot> slots = slotsOf(what);
    slots.push_back({"name", name});
    const Enclosure outer = draw.of(enclosures), inner = draw.of(enclosures);
    const std::vector<std::string_view> closers{enclosures[0].close, enclosures[1].close};
    slots.push_back({"open1", outer.open});
    slots.push_back({"close1", outer.close, {&closingPhenomenon, closers, "open1"}});
    slots.push_back({"open2", inner.open});
    slots.push_back({"close2", inner.close, {&closingPhenomenon, closers, "open2"}});
    teller.say(draw.of(sentences), slots);
}

}  // namespace

extern constinit const StoryPhenomenon closingPhenomenon{
    .name = "closing",
    .title = LAB_TEXT("stories", "Closing"),
    .help = LAB_TEXT(
        "stories",
        "A quotation mark or a bracket is closed by its own kind, the inner one first: (the map “the pride of the whole town” is wet)"),
    .choices = 2,
    .mostTokens = 22,
    .sentences = sentences,
    .tell = tellClosing,
};

}  // namespace lab
