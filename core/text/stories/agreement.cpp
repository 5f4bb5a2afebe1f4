#include "core/text/stories/agreement.h"

namespace lab {
namespace {

// Between the noun and its verb stand at least four words, the last of them a noun of its own number: no 5-gram sees what the verb goes by.
constexpr std::string_view sentences[] = {
    "The {thing} {side} the {adjective} {spot} {was} {trait}.",
    "Under the sky the {thing} {side} the {adjective} {spot} {was} {trait}.",
    "The {thing} that lay {side} the {adjective} {spot} {was} {trait}.",
};

void tellAgreement(StoryTeller& teller) {
    // One draw after the other: in which order a call's arguments are made is left to the compiler.
    const std::string_view sentence = teller.draw().of(sentences);
    teller.say(sentence, slotsOf(drawThingAtSpot(teller)));
}

}  // namespace

ThingAtSpot drawThingAtSpot(StoryTeller& teller) {
    const StoryNoun& thing = teller.otherThing();
    const StorySpot& spot = teller.spot();
    const bool many = teller.draw().coin();
    return {many ? thing.many : thing.one, spot, teller.draw().of(story_words::traits), many};
}

std::vector<StorySlot> slotsOf(const ThingAtSpot& what) {
    const auto verb = [&](std::string_view slot, std::string_view one, std::string_view many) {
        return StorySlot{slot, what.many ? many : one, {&agreementPhenomenon, {one, many}, "thing"}};
    };
    return {{"thing", what.thing},    {"side", what.spot.side}, {"adjective", what.spot.adjective},
            {"spot", what.spot.noun}, {"trait", what.trait},    verb("was", "was", "were"),
            verb("is", "is", "are")};
}

extern constinit const StoryPhenomenon agreementPhenomenon{
    .name = "agreement",
    .title = LAB_TEXT("stories", "Agreement"),
    .help = LAB_TEXT("stories",
                     "The verb goes by the number of its noun, not by that of the noun beside it: the keys near the old well were red"),
    .choices = 2,
    .mostTokens = 14,
    .sentences = sentences,
    .tell = tellAgreement,
};

}  // namespace lab
