#include "core/data/story_dataset.h"

#include <algorithm>
#include <cassert>

#include "core/config/experiment.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/story_tokenizer.h"
#include "core/text/stories/story_vocabulary.h"

namespace lab {
namespace {

/// Which token each byte of a text begins or goes on with, found from where the tokens end.
class TokenPlaces {
public:
    explicit TokenPlaces(const std::string& text) {
        int end = 0;
        for (const std::string_view token : storyTokens(text)) m_ends.push_back(end += static_cast<int>(token.size()));
    }
    /// The token that holds the byte before `end`.
    int endingAt(int end) const { return static_cast<int>(std::ranges::lower_bound(m_ends, end) - m_ends.begin()); }

private:
    std::vector<int> m_ends;
};

int groupOf(const StoryPhenomenon* phenomenon) {
    const auto rows = StoryPhenomenon::table();
    return static_cast<int>(std::ranges::find(rows, phenomenon) - rows.begin());
}

constexpr int storiesMeasured = 200;

}  // namespace

StoryDataset::StoryDataset(const Experiment& experiment)
    : m_task(experiment.task), m_tokenizer(std::make_shared<PieceTokenizer>(storyTokenizer(), "tokenizer.json")) {
    for (const std::string& token : storyVocabulary()) {
        const std::vector<int> ids = m_tokenizer->encode(token);
        assert(ids.size() == 1 && "the tokenizer has every word of the stories");
        m_ids[token] = ids.front();
    }
    double bytes = 0, tokens = 0;
    for (int i = 0; i < std::min(validationSize(), storiesMeasured); ++i) {
        const Story told = validationStory(i);
        const auto words = storyTokens(told.text);
        bytes += static_cast<double>(told.text.size() - words.front().size());  // the first is not predicted
        tokens += static_cast<double>(words.size() - 1);
    }
    if (tokens > 0) m_bytesPerToken = bytes / tokens;
}

StoriesSettings StoryDataset::settings() const {
    return {.tokens = m_task.seq_len};
}

Story StoryDataset::trainStory(int i) const {
    return story(settings(), m_task.seed, StoryPart::train, i);
}

Story StoryDataset::validationStory(int i) const {
    return story(settings(), m_task.seed, StoryPart::validation, i);
}

Sample StoryDataset::testSample(int i) const {
    return sampleOf(story(settings(), m_task.seed, StoryPart::test, i));
}

Sample StoryDataset::sampleOf(const Story& told) const {
    std::vector<int> ids;
    for (const std::string_view token : storyTokens(told.text)) ids.push_back(m_ids.at(std::string(token)));
    return {{ids.begin(), ids.end() - 1}, {}, {ids.begin() + 1, ids.end()}};
}

std::vector<StoryCell> StoryDataset::cellsOf(const Story& told) const {
    const TokenPlaces places(told.text);
    std::vector<StoryCell> cells;
    for (const StoryPlace& place : told.places)
        cells.push_back({places.endingAt(place.answer.end) - 1, places.endingAt(place.source.end), groupOf(place.phenomenon)});
    return cells;
}

int StoryDataset::targetGroups() const {
    return static_cast<int>(StoryPhenomenon::table().size());
}

TargetGroups StoryDataset::validationGroups(int i) const {
    const Story told = validationStory(i);
    TargetGroups groups(storyTokens(told.text).size() - 1, -1);
    for (const StoryCell& cell : cellsOf(told)) groups[static_cast<std::size_t>(cell.position)] = static_cast<signed char>(cell.group);
    return groups;
}

const StoryDataset* storiesOf(const Dataset& dataset) {
    return dynamic_cast<const StoryDataset*>(&dataset);
}

}  // namespace lab
