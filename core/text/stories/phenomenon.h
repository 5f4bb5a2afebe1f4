#pragma once

#include <span>
#include <string_view>

#include "core/base/message.h"

namespace lab {

class StoryTeller;

/// Something about language that can be right or wrong by itself and is measured by itself: one file and one row.
struct StoryPhenomenon {
    std::string_view name;
    SourceText title;  ///< of a curve and a column: "Agreement"
    SourceText help;   ///< what is asked, with an example
    int choices = 2;   ///< between how many words an answer is chosen, at the most
    int mostTokens;    ///< of one telling
    int tellings = 1;  ///< in a story

    /// The sentences it is told in. `{place1}` is a slot: a word of the kind `place` (story_words.h). They are the whole vocabulary.
    std::span<const std::string_view> sentences;
    /// What has to stand in a story before it is told; null: nothing. At least one telling of another row comes in between.
    void (*prepare)(StoryTeller& teller) = nullptr;
    int (*mostPrepared)(int facts) = nullptr;  ///< tokens of what prepare tells
    void (*tell)(StoryTeller& teller) = nullptr;

    static std::span<const StoryPhenomenon* const> table();
};

}  // namespace lab
