#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/text/stories/story.h"

namespace lab {

/// How probable a token is after the four before it, by counting: orders 1 to 5 interpolated (Witten & Bell 1991: an order counts the more
/// the fewer different tokens followed its context).
class FiveGram {
public:
    static constexpr int order = 5;

    /// Reads one sequence; contexts do not reach beyond its start.
    void read(const std::vector<int>& tokens);
    /// Of `token` at position `at` behind tokens[0 .. at - 1]; `tokens` may end there. Of one that was never read 0.
    double probability(const std::vector<int>& tokens, std::size_t at, int token) const;

private:
    struct Context {
        std::int64_t tokens = 0;  ///< how many followed it
        std::int64_t kinds = 0;   ///< how many different ones
    };

    std::unordered_map<std::uint64_t, Context> m_contexts;         ///< by a hash of the context's tokens
    std::unordered_map<std::uint64_t, std::int64_t> m_successors;  ///< by a hash of context and token
};

/// What can be had of a phenomenon without understanding it: shares of its places where the right word is chosen among its choices.
struct StoryBaseline {
    const StoryPhenomenon* phenomenon = nullptr;
    int places = 0;
    double chance = 0;     ///< of a guess: the mean of 1 / choices
    double commonest = 0;  ///< of the choice that is the answer most often in the training stories
    double fiveGram = 0;   ///< of the choice that a 5-gram of the training stories finds most probable; ties count as guesses among them
    /// What both have to stay below for the phenomenon to be asked rather than counted: .65 at two choices, the mean of
    /// 1 / k + .3 (1 - 1 / k) at k.
    double bound = 0;
};

/// A row for each row of the table, in its order. 3,000 training stories take a second.
std::vector<StoryBaseline> storyBaselines(const StoriesSettings& settings, std::uint64_t seed, int trainStories, int validationStories);

}  // namespace lab
