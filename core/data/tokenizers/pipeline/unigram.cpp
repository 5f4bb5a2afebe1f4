#include "core/data/tokenizers/pipeline/unigram.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/limits.h"
#include "core/data/tokenizers/pipeline/part_table.h"

namespace lab {

Unigram::Unigram(const nlohmann::json& json, const std::string& place) {
    if (json.value("byte_fallback", false)) throw unknownPart(place + ".byte_fallback", "true");
    double least = 0.0;
    for (const auto& entry : json.at("vocab")) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number())
            throw InputError(place + ".vocab", Message(LAB_TEXT("tokens", "%1 is no piece with its score")).arg(entry.dump()));
        const std::string piece = entry[0].get<std::string>();
        m_vocabulary.add(piece, static_cast<int>(m_scores.size()));
        m_scores.push_back(entry[1].get<double>());
        least = std::min(least, m_scores.back());
        m_longest = std::max(m_longest, charactersOf(piece).size());
    }
    constexpr double penalty = 10.0;  // of an unknown character against the least likely piece, as in SentencePiece
    m_unknownScore = least - penalty;
    if (json.contains("unk_id") && json["unk_id"].is_number_integer())
        m_unknown = static_cast<int>(std::clamp<std::int64_t>(json["unk_id"].get<std::int64_t>(), -1, mostRows));
    if (m_unknown >= 0 && !m_vocabulary.piece(m_unknown))
        throw InputError(place + ".unk_id", Message(LAB_TEXT("tokens", "id %1 is not in the vocabulary")).arg(m_unknown));
}

void Unigram::encode(const MappedText& word, std::vector<TextToken>& tokens) const {
    const std::size_t n = word.size();
    struct Best {
        double score = -std::numeric_limits<double>::infinity();
        std::size_t from = 0;
        int id = -1;
    };
    std::vector<Best> best(n + 1);
    best[0].score = 0.0;
    for (std::size_t first = 0; first < n; ++first) {
        bool single = false;
        std::string piece;
        for (std::size_t last = first + 1; last <= std::min(n, first + m_longest); ++last) {
            piece += utf8Of(word.text[last - 1]);
            const int id = m_vocabulary.find(piece);
            if (id < 0 || id == m_unknown) continue;
            single = single || last == first + 1;
            const double score = best[first].score + m_scores[static_cast<std::size_t>(id)];
            if (score > best[last].score) best[last] = {score, first, id};
        }
        const double score = best[first].score + m_unknownScore;
        if (!single && score > best[first + 1].score) best[first + 1] = {score, first, m_unknown};
    }
    std::vector<TextToken> found;
    for (std::size_t last = n; last > 0; last = best[last].from)
        found.push_back({best[last].id, {word.from[best[last].from].begin, word.from[last - 1].end}});
    std::ranges::reverse(found);
    for (const TextToken& token : found) {
        const bool fuses = token.id == m_unknown && !tokens.empty() && tokens.back().id == m_unknown && &token != found.data();
        if (fuses)
            tokens.back().span.end = token.span.end;
        else if (token.id >= 0)
            tokens.push_back(token);
    }
}

}  // namespace lab
