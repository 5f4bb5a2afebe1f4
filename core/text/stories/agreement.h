#pragma once

#include "core/text/stories/story_teller.h"

namespace lab {

extern const StoryPhenomenon agreementPhenomenon;

/// "the keys behind the tall gate are red"
struct ThingAtSpot {
    std::string_view thing;
    StorySpot spot;
    std::string_view trait;
    bool many = false;
};
ThingAtSpot drawThingAtSpot(StoryTeller& teller);
/// `thing`, `side`, `adjective`, `spot`, `trait`, and the verb as an answer: `was` or `is`.
std::vector<StorySlot> slotsOf(const ThingAtSpot& what);

}  // namespace lab
