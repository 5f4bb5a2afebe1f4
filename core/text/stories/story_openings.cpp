#include "core/text/stories/story_openings.h"

namespace lab {

std::span<const std::string_view> storyOpenings() {
    static constexpr std::string_view rows[] = {
        "One morning it began to rain.", "It was a cold and windy day.",   "The sun came up over the village.",
        "That week nobody had to work.", "The market was full of people.",
    };
    return rows;
}

}  // namespace lab
