#include "core/text/stories/story_baselines.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/text/stories/story_vocabulary.h"

namespace lab {
namespace {

/// Of a context that grows to the left by one token, or of a context and the token behind it (SplitMix64's mixing).
std::uint64_t mixed(std::uint64_t hash, int token) {
    std::uint64_t x = hash + 0x9e3779b97f4a7c15u * (static_cast<std::uint64_t>(token) + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

constexpr std::uint64_t emptyContext = 1;

/// Ids in the order of the first look.
class Ids {
public:
    std::vector<int> of(std::string_view text) {
        std::vector<int> ids;
        for (const std::string_view token : storyTokens(text)) ids.push_back(id(token));
        return ids;
    }
    int id(std::string_view token) { return m_ids.try_emplace(std::string(token), static_cast<int>(m_ids.size())).first->second; }

private:
    std::map<std::string, int, std::less<>> m_ids;
};

/// The token that begins at this byte or at the blank before it.
std::size_t tokenAt(std::string_view text, int byte) {
    return storyTokens(text.substr(0, static_cast<std::size_t>(byte))).size() - (text[static_cast<std::size_t>(byte) - 1] == ' ' ? 1 : 0);
}

/// The share of a guess that goes to the answer when the choices with the highest score are guessed among.
double shareOf(const StoryPlace& place, std::string_view answer, const std::function<double(const std::string&)>& score) {
    double best = -1, ties = 0;
    bool isAmong = false;
    for (const std::string& choice : place.choices) {
        const double value = score(choice);
        if (value > best) best = value, ties = 0, isAmong = false;
        if (value < best) continue;
        ++ties;
        isAmong = isAmong || choice == answer;
    }
    return isAmong ? 1 / ties : 0;
}

using Answers = std::map<const StoryPhenomenon*, std::map<std::string, int>>;

std::string_view answerOf(const Story& story, const StoryPlace& place) {
    return std::string_view(story.text)
        .substr(static_cast<std::size_t>(place.answer.begin), static_cast<std::size_t>(place.answer.end - place.answer.begin));
}

/// What was counted in the training stories.
struct Counted {
    Ids ids;
    FiveGram fiveGram;
    Answers answers;

    void read(const Story& story) {
        fiveGram.read(ids.of(story.text));
        for (const StoryPlace& place : story.places) ++answers[place.phenomenon][std::string(answerOf(story, place))];
    }

    void judge(const Story& story, const StoryPlace& place, StoryBaseline& row) {
        const std::vector<int> tokens = ids.of(story.text);
        const std::size_t at = tokenAt(story.text, place.answer.begin);
        const std::string_view answer = answerOf(story, place);
        const bool blank = story.text[static_cast<std::size_t>(place.answer.begin) - 1] == ' ';
        const double chance = 1 / static_cast<double>(place.choices.size());
        ++row.places;
        row.chance += chance;
        row.bound += chance + .3 * (1 - chance);
        row.commonest += shareOf(place, answer, [&](const std::string& choice) { return answers[place.phenomenon][choice]; });
        row.fiveGram += shareOf(place, answer, [&](const std::string& choice) {
            return fiveGram.probability(tokens, at, ids.id(blank ? " " + choice : choice));
        });
    }
};

}  // namespace

void FiveGram::read(const std::vector<int>& tokens) {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        std::uint64_t context = emptyContext;
        for (std::size_t length = 0; length < order && length <= at; ++length) {
            if (length > 0) context = mixed(context, tokens[at - length]);
            Context& counts = m_contexts[context];
            ++counts.tokens;
            if (m_successors[mixed(~context, tokens[at])]++ == 0) ++counts.kinds;
        }
    }
}

double FiveGram::probability(const std::vector<int>& tokens, std::size_t at, int token) const {
    double probability = 0;
    std::uint64_t context = emptyContext;
    for (std::size_t length = 0; length < order && length <= at; ++length) {
        if (length > 0) context = mixed(context, tokens[at - length]);
        const auto counts = m_contexts.find(context);
        if (counts == m_contexts.end()) break;
        const auto successor = m_successors.find(mixed(~context, token));
        const double times = successor == m_successors.end() ? 0 : static_cast<double>(successor->second);
        const auto [all, kinds] = std::pair(static_cast<double>(counts->second.tokens), static_cast<double>(counts->second.kinds));
        probability = length == 0 ? times / all : (times + kinds * probability) / (all + kinds);
    }
    return probability;
}

std::vector<StoryBaseline> storyBaselines(const StoriesSettings& settings, std::uint64_t seed, int trainStories, int validationStories) {
    Counted counted;
    for (int i = 0; i < trainStories; ++i) counted.read(story(settings, seed, StoryPart::train, i));
    std::vector<StoryBaseline> rows;
    for (const StoryPhenomenon* phenomenon : StoryPhenomenon::table()) rows.push_back({.phenomenon = phenomenon});
    for (int i = 0; i < validationStories; ++i) {
        const Story told = story(settings, seed, StoryPart::validation, i);
        for (const StoryPlace& place : told.places)
            counted.judge(told, place, *std::ranges::find(rows, place.phenomenon, &StoryBaseline::phenomenon));
    }
    for (StoryBaseline& row : rows)
        if (row.places > 0)
            for (double* share : {&row.chance, &row.commonest, &row.fiveGram, &row.bound}) *share /= row.places;
    return rows;
}

}  // namespace lab
