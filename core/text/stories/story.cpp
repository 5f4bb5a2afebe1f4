#include "core/text/stories/story.h"

#include <cassert>

#include "core/text/stories/story_openings.h"
#include "core/text/stories/story_teller.h"

namespace lab {
namespace {

constexpr int openingTokens = 8;  // storyOpenings have no more

using Rows = std::vector<const StoryPhenomenon*>;

/// What is always told: what has to be prepared.
int tokensOfFixed(const StoriesSettings& settings) {
    int tokens = openingTokens;
    for (const StoryPhenomenon* row : StoryPhenomenon::table())
        if (row->prepare) tokens += row->mostPrepared(settings.facts) + std::min(row->tellings, settings.facts) * row->mostTokens;
    return tokens;
}

/// Tellings that need nothing, in any order, as many as there is room for.
Rows drawFree(StoryDraw& draw, int room) {
    Rows rows, chosen;
    for (const StoryPhenomenon* row : StoryPhenomenon::table())
        if (!row->prepare) rows.push_back(row);
    draw.shuffle(rows);
    for (const StoryPhenomenon* row : rows) {
        if (row->mostTokens > room) continue;
        room -= row->mostTokens;
        chosen.push_back(row);
    }
    return chosen;
}

/// With the tellings that were prepared among them, none of these first.
Rows drawOrder(StoryDraw& draw, const StoriesSettings& settings) {
    Rows rows = drawFree(draw, settings.tokens - tokensOfFixed(settings));
    assert(!rows.empty() && "settings.tokens is at least leastStoryTokens");
    for (const StoryPhenomenon* row : StoryPhenomenon::table())
        for (int k = 0; row->prepare && k < std::min(row->tellings, settings.facts); ++k)
            rows.insert(rows.begin() + 1 + static_cast<std::ptrdiff_t>(draw.below(rows.size())), row);
    return rows;
}

}  // namespace

int leastStoryTokens(const StoriesSettings& settings) {
    int most = 0;
    for (const StoryPhenomenon* row : StoryPhenomenon::table())
        if (!row->prepare) most = std::max(most, row->mostTokens);
    return tokensOfFixed(settings) + most;
}

Story story(const StoriesSettings& settings, std::uint64_t seed, StoryPart part, int i) {
    assert(settings.facts >= 2 && settings.facts <= mostStoryFacts && i >= 0);
    StoryTeller teller(settings, seed, part, i);
    teller.say(teller.draw().of(storyOpenings()), {});
    for (const StoryPhenomenon* row : StoryPhenomenon::table())
        if (row->prepare) row->prepare(teller);
    for (const StoryPhenomenon* row : drawOrder(teller.draw(), settings)) row->tell(teller);
    return teller.take();
}

}  // namespace lab
