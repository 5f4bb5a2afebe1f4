#include "core/text/stories/story_teller.h"

#include <cassert>

namespace lab {
namespace {

constexpr std::string_view streams[] = {"stories.train", "stories.validation", "stories.test"};
constexpr std::uint64_t numbersPerStory = 1u << 12;

}  // namespace

StoryDraw::StoryDraw(std::uint64_t seed, StoryPart part, int i)
    : m_stream(seed, streams[static_cast<std::size_t>(part)]), m_next(static_cast<std::uint64_t>(i) * numbersPerStory) {}

StoryTeller::StoryTeller(const StoriesSettings& settings, std::uint64_t seed, StoryPart part, int i)
    : m_settings(settings), m_part(part), m_draw(seed, part, i) {}

std::map<std::string_view, StoryRange> StoryTeller::say(std::string_view sentence, const std::vector<StorySlot>& slots) {
    std::map<std::string_view, StoryRange> words;
    std::string& text = m_story.text;
    if (!text.empty()) text += ' ';
    while (true) {
        const std::size_t open = std::min(sentence.find('{'), sentence.size());
        text += sentence.substr(0, open);
        if (open == sentence.size()) return words;
        const std::size_t close = sentence.find('}');
        const auto slot = std::ranges::find(slots, sentence.substr(open + 1, close - open - 1), &StorySlot::name);
        assert(slot != slots.end() && "every slot of a sentence has a word");
        const auto begin = static_cast<int>(text.size());
        text += slot->word;
        const StoryRange range{begin, static_cast<int>(text.size())};
        words[slot->name] = range;
        if (const StoryAnswer& answer = slot->answer; answer.phenomenon)
            m_story.places.push_back({answer.phenomenon,
                                      range,
                                      answer.from.empty() ? answer.source : words.at(answer.from),
                                      {answer.choices.begin(), answer.choices.end()}});
        sentence.remove_prefix(close + 1);
    }
}

StoryPair StoryTeller::pair() {
    const std::string_view girl = m_draw.of(story_words::girls), boy = m_draw.of(story_words::boys);
    return m_draw.coin() ? StoryPair{girl, boy, true} : StoryPair{boy, girl, false};
}

}  // namespace lab
