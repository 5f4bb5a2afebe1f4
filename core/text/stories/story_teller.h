#pragma once

#include <algorithm>
#include <map>

#include "core/base/random.h"
#include "core/text/stories/story_words.h"

namespace lab {

/// The random numbers of one story, one after the other.
class StoryDraw {
public:
    StoryDraw(std::uint64_t seed, StoryPart part, int i);

    /// 0 .. n - 1
    std::size_t below(std::size_t n) { return m_stream.below(m_next++, static_cast<std::uint32_t>(n)); }
    bool coin() { return below(2) == 1; }
    /// Of rows that outlive the call.
    template <class Rows>
    const auto& of(const Rows& rows) {
        return rows[below(std::size(rows))];
    }
    template <class Row>
    void shuffle(std::vector<Row>& rows) {
        for (std::size_t n = rows.size(); n > 1; --n) {
            const Row last = rows[n - 1];
            const std::size_t other = below(n);
            rows[n - 1] = rows[other], rows[other] = last;
        }
    }
    /// `count` different rows.
    template <class Row>
    std::vector<Row> several(std::span<const Row> rows, std::size_t count) {
        std::vector<Row> drawn(rows.begin(), rows.end());
        shuffle(drawn);
        drawn.resize(std::min(count, drawn.size()));
        return drawn;
    }

private:
    RandomStream m_stream;
    std::uint64_t m_next;
};

/// That a word is asked for.
struct StoryAnswer {
    const StoryPhenomenon* phenomenon = nullptr;
    std::vector<std::string_view> choices;
    std::string_view from;   ///< the slot before it in the same sentence that holds its source; empty:
    StoryRange source = {};  ///< where the source stands in the story
};

/// What a slot of a sentence holds.
struct StorySlot {
    std::string_view name, word;
    StoryAnswer answer = {};
};

/// Somebody put something somewhere; where the words stand.
struct StoryFact {
    std::string_view name, thing, place;
    StoryRange nameAt = {}, thingAt = {}, placeAt = {};
    std::size_t order = 0;  ///< in which of recall's it is told
};

/// A place out of doors as a story always calls it: "near the old wells".
struct StorySpot {
    std::string_view side, adjective, noun;
};

/// A girl and a boy, in any order.
struct StoryPair {
    std::string_view first, second;
    bool girlFirst = false;
};

/// Writes one story.
class StoryTeller {
public:
    StoryTeller(const StoriesSettings& settings, std::uint64_t seed, StoryPart part, int i);

    StoryDraw& draw() { return m_draw; }
    const StoriesSettings& settings() const { return m_settings; }

    /// Adds a sentence, behind a blank, and gives where the words of its slots stand.
    std::map<std::string_view, StoryRange> say(std::string_view sentence, const std::vector<StorySlot>& slots);

    bool mayStandTogether(std::string_view name, std::string_view thing, std::string_view place) const {
        return lab::mayStandTogether(name, thing, place, m_part);
    }
    /// One of the story's people.
    std::string_view name() { return m_draw.of(m_people); }
    StoryPair pair();
    /// One of its two spots.
    const StorySpot& spot() { return m_draw.of(m_spots); }
    /// A thing that nobody put anywhere.
    const StoryNoun& otherThing();
    const std::vector<std::string_view>& people() const { return m_people; }

    std::vector<StoryFact> told;       ///< all of them
    std::vector<std::size_t> unasked;  ///< which of them nothing was asked about

    Story take() { return std::move(m_story); }

private:
    StoriesSettings m_settings;
    StoryPart m_part;
    StoryDraw m_draw;
    std::vector<std::string_view> m_people;
    std::vector<StorySpot> m_spots;
    Story m_story;
};

}  // namespace lab
