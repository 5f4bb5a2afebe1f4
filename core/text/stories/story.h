#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/text/stories/phenomenon.h"

namespace lab {

enum class StoryPart { train, validation, test };

struct StoriesSettings {
    int tokens = 176;  ///< a story has at most so many words and signs (storyTokens)
    int facts = 4;     ///< how many people put something somewhere: all but the one that is asked for are distractors
};

/// Bytes [begin, end) of a story's text.
struct StoryRange {
    int begin = 0, end = 0;

    bool operator==(const StoryRange&) const = default;
};

/// A word of a story that follows from what stands before it.
struct StoryPlace {
    const StoryPhenomenon* phenomenon = nullptr;
    StoryRange answer;                 ///< the word itself, without the blank before it
    StoryRange source;                 ///< the word that it follows from
    std::vector<std::string> choices;  ///< the words that could stand there by everything nearby; the answer is one of them
};

struct Story {
    std::string text;                ///< UTF-8, one line
    std::vector<StoryPlace> places;  ///< in the order of the text
};

/// Story i of a part: a pure function of all four. No sentence of one part has a name, a thing and a place together that any sentence of
/// another part has together. Needs settings.tokens >= leastStoryTokens(settings), 2 <= facts <= mostStoryFacts, i >= 0.
Story story(const StoriesSettings& settings, std::uint64_t seed, StoryPart part, int i);

inline constexpr int mostStoryFacts = 6;
/// With which a story has room for what is prepared and asked, and for one telling more.
int leastStoryTokens(const StoriesSettings& settings);

}  // namespace lab
