#include "core/data/tokenizers/tokenizer.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "core/config/task_frame.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/word_tokenizer.h"

namespace lab {
namespace {

constexpr int noLoss = -1;
constexpr std::size_t mostNamed = 8;  ///< tokens in one sentence

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::optional<SpecialToken> specialToken(const TaskConfig& task, Architecture architecture) {
    const TaskFrame frame = frameOf(task, architecture);
    if (!frame.separator) return std::nullopt;
    return SpecialToken{*frame.separator, frame.reading == Reading::joined ? "SEP" : "BOS"};
}

KeptTokenizer Tokenizer::kept() const {
    return {};
}

std::vector<int> Tokenizer::encode(std::string_view text, bool target) const {
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<int> tokens;
    std::vector<Message> problems;
    while (problems.size() < mostNamed && !(text = trimmed(text)).empty()) {
        const std::string_view piece = text.substr(0, std::min(text.find_first_of(blanks), text.size()));
        text.remove_prefix(piece.size());
        try {
            tokens.push_back(encodeOne(piece, target));
        } catch (const InputError& error) {
            problems.push_back(located(Message(LAB_TEXT("tokens", "token %1")).arg(tokens.size()), error.message()));
            tokens.push_back(noLoss);
        }
    }
    if (!problems.empty()) throw InputError(Message::joined(std::move(problems), "; "));
    return tokens;
}

int Tokenizer::encodeOne(std::string_view piece, bool target) const {
    if (target && piece == "-1") return noLoss;
    return isSpecial(piece) ? m_special->id : idOf(piece, target);
}

std::string Tokenizer::decode(const std::vector<int>& tokens) const {
    std::string text;
    for (const int token : tokens) text += (text.empty() ? "" : " ") + written(token);
    return text;
}

std::string Tokenizer::shown(int token) const {
    return m_special && token == m_special->id ? std::string(m_special->name) : written(token);
}

std::vector<std::string> Tokenizer::shown(const std::vector<int>& tokens) const {
    std::vector<std::string> texts;
    for (const int token : tokens) texts.push_back(shown(token));
    return texts;
}

bool Tokenizer::isSpecial(std::string_view piece) const {
    return m_special && std::ranges::equal(piece, m_special->name, {}, lower, lower);
}

std::shared_ptr<const Tokenizer> tokenizerOf(const Experiment& experiment, KeptTokenizer kept) {
    const auto special = specialToken(experiment.task, experiment.model.architecture);
    if (!kept.pipeline.empty()) {
        auto pieces = std::make_shared<const PieceTokenizer>(std::move(kept.pipeline), "attention_lab.tokenizer");
        if (const auto& rows = experiment.model.vocab_size; rows && pieces->symbols() > *rows)
            throw InputError("attention_lab.tokenizer",
                             Message(LAB_TEXT("tokens", "its %1 pieces do not fit model.vocab_size %2")).arg(pieces->symbols()).arg(*rows));
        return pieces;
    }
    if (!kept.words.empty()) return std::make_shared<WordTokenizer>(std::move(kept.words), special);
    const bool drawn = experiment.task.kind->isBuiltIn();
    return std::make_shared<IntegerTokenizer>(drawn ? experiment.task.vocab_size : experiment.model.vocab_size.value_or(0), special);
}

}  // namespace lab
