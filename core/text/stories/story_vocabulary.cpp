#include "core/text/stories/story_vocabulary.h"

#include <algorithm>

#include "core/text/stories/phenomenon.h"
#include "core/text/stories/story_openings.h"
#include "core/text/stories/story_words.h"

namespace lab {
namespace {

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The sentence with every slot a word: the `k`-th of its kind, or the last.
std::string filled(std::string_view sentence, std::size_t k) {
    std::string text;
    while (true) {
        const std::size_t open = std::min(sentence.find('{'), sentence.size());
        text += sentence.substr(0, open);
        if (open == sentence.size()) return text;
        const std::size_t close = sentence.find('}');
        const auto words = wordsOfSlot(sentence.substr(open + 1, close - open - 1));
        text += words[std::min(k, words.size() - 1)];
        sentence.remove_prefix(close + 1);
    }
}

std::size_t mostWordsOfSlots(std::string_view sentence) {
    std::size_t most = 1;
    for (std::size_t open = sentence.find('{'); open != sentence.npos; open = sentence.find('{', open + 1))
        most = std::max(most, wordsOfSlot(sentence.substr(open + 1, sentence.find('}', open) - open - 1)).size());
    return most;
}

class Collection {
public:
    void add(std::string_view text) {
        for (const std::string_view token : storyTokens(text))
            if (std::ranges::find(m_tokens, token) == m_tokens.end()) m_tokens.emplace_back(token);
    }
    std::vector<std::string> take() { return std::move(m_tokens); }

private:
    std::vector<std::string> m_tokens;
};

}  // namespace

std::vector<std::string_view> storyTokens(std::string_view text) {
    std::vector<std::string_view> tokens;
    for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
        end = begin + (text[begin] == ' ' ? 1 : 0);
        const bool word = isLetter(text[end]);
        while (end < text.size() && text[end] != ' ' && isLetter(text[end]) == word) ++end;
        tokens.push_back(text.substr(begin, end - begin));
    }
    return tokens;
}

std::vector<std::string> storyVocabulary() {
    Collection tokens;
    for (const std::string_view opening : storyOpenings()) tokens.add(opening);
    for (const StoryPhenomenon* row : StoryPhenomenon::table())
        for (const std::string_view sentence : row->sentences)
            // Behind another sentence, where it always stands.
            for (std::size_t k = 0; k < mostWordsOfSlots(sentence); ++k) tokens.add(" " + filled(sentence, k));
    return tokens.take();
}

int storyPieces() {
    static const auto pieces = static_cast<int>(storyVocabulary().size());
    return pieces;
}

}  // namespace lab
