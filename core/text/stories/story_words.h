#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/stories/story.h"

namespace lab {

/// Singular and plural.
struct StoryNoun {
    std::string_view one, many;
};

namespace story_words {

extern const std::span<const std::string_view> girls, boys, places, adjectives, traits, sides, animals, numbers;
extern const std::span<const StoryNoun> things;  ///< what is put away, seen, named
extern const std::span<const StoryNoun> spots;   ///< places out of doors

}  // namespace story_words

/// All words that a slot of this kind may hold: "place1" and "place2" are of the kind "place".
std::vector<std::string_view> wordsOfSlot(std::string_view slot);

/// Whether the three may stand together in a sentence of this part. Goes by the words alone, so that it is the same for every seed.
bool mayStandTogether(std::string_view name, std::string_view thing, std::string_view place, StoryPart part);

}  // namespace lab
