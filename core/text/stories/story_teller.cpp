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
    : m_settings(settings), m_part(part), m_draw(seed, part, i) {
    const auto people = static_cast<std::size_t>(settings.facts);
    m_people = m_draw.several(story_words::girls, people / 2);
    for (const std::string_view boy : m_draw.several(story_words::boys, people - people / 2)) m_people.push_back(boy);
    m_draw.shuffle(m_people);
    constexpr std::size_t spots = 2;
    const std::vector<StoryNoun> nouns = m_draw.several(story_words::spots, spots);
    const std::vector<std::string_view> adjectives = m_draw.several(story_words::adjectives, spots);
    for (std::size_t k = 0; k < spots; ++k) {
        const std::string_view side = m_draw.of(story_words::sides);
        m_spots.push_back({side, adjectives[k], m_draw.coin() ? nouns[k].many : nouns[k].one});
    }
}

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
    const auto isGirl = [](std::string_view name) { return std::ranges::find(story_words::girls, name) != story_words::girls.end(); };
    const std::string_view first = name();
    std::string_view second = name();
    while (isGirl(second) == isGirl(first)) second = name();
    return {first, second, isGirl(first)};
}

const StoryNoun& StoryTeller::otherThing() {
    while (true) {
        const StoryNoun& thing = m_draw.of(story_words::things);
        if (std::ranges::find(told, thing.one, &StoryFact::thing) == told.end()) return thing;
    }
}

}  // namespace lab
