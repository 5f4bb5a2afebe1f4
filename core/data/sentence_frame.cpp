#include "core/data/sentence_frame.h"

#include <algorithm>

#include "core/config/model_config.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/tasks/masked_config.h"

namespace lab {
namespace {

const TextPipeline* pipelineOf(const Tokenizer& tokenizer) {
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    return pieces ? &pieces->pipeline() : nullptr;
}

/// The first of these names that is a special token.
std::optional<int> specialNamed(const TextPipeline& pipeline, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const std::vector<TextToken> found = pipeline.encode(name);
        if (found.size() == 1 && pipeline.isSpecial(found.front().id)) return found.front().id;
    }
    return std::nullopt;
}

bool startsWith(std::span<const int> tokens, std::span<const int> part) {
    return tokens.size() >= part.size() && std::ranges::equal(tokens.first(part.size()), part);
}

bool endsWith(std::span<const int> tokens, std::span<const int> part) {
    return tokens.size() >= part.size() && std::ranges::equal(tokens.last(part.size()), part);
}

}  // namespace

SentenceFrame::SentenceFrame(const Tokenizer& tokenizer) {
    const TextPipeline* pipeline = pipelineOf(tokenizer);
    if (!pipeline) return;
    constexpr int first = -1, second = -2;  // where the sentences would stand
    const std::vector<int> pair = pipeline->framed({first}, {second});
    const auto at = std::ranges::find(pair, first), behind = std::ranges::find(pair, second);
    m_before.assign(pair.begin(), at);
    m_between.assign(at + 1, behind);
    m_after.assign(behind + 1, pair.end());
    if (exists()) return;
    m_usual = false;
    // Decoders whose tokenizer adds nothing were trained on texts that begin with one of these.
    if (const auto begin = specialNamed(*pipeline, {"<|begin_of_text|>", "<s>", "<bos>", "<|endoftext|>"})) m_before = {*begin};
}

std::vector<int> SentenceFrame::put(const FramedSentences& sentences) const {
    if (!sentences.framed && sentences.second.empty()) return sentences.first;
    std::vector<int> tokens = m_before;
    const auto add = [&tokens](const std::vector<int>& more) { tokens.insert(tokens.end(), more.begin(), more.end()); };
    add(sentences.first);
    if (!sentences.second.empty()) add(m_between);
    add(sentences.second);
    add(m_after);
    return tokens;
}

FramedSentences SentenceFrame::taken(std::vector<int> tokens) const {
    FramedSentences found;
    found.framed = exists() && startsWith(tokens, m_before) && (!m_before.empty() || endsWith(tokens, m_after));
    if (found.framed) {
        tokens.erase(tokens.begin(), tokens.begin() + std::ssize(m_before));
        if (endsWith(tokens, m_after)) tokens.resize(tokens.size() - m_after.size());
    }
    if (found.framed && partsPairs()) {
        const auto between = std::search(tokens.begin(), tokens.end(), m_between.begin(), m_between.end());
        if (between != tokens.end()) found.second.assign(between + std::ssize(m_between), tokens.end());
        tokens.erase(between, tokens.end());
    }
    found.first = std::move(tokens);
    return found;
}

std::vector<int> segmentsOf(const ModelConfig& model, std::span<const int> tokens) {
    std::vector<int> segments;
    int ended = 0;
    for (std::size_t i = 0; i < tokens.size() && model.segments > 0 && !model.readsVectors(); ++i) {
        segments.push_back(std::min(ended, model.segments - 1));
        ended += tokens[i] == model.segment_end.value_or(-1);
    }
    return segments;
}

bool readsFramed(const TaskConfig& task, const Tokenizer& tokenizer) {
    if (task.kind->source == TaskSource::sentences) return true;
    return tokenizer.isText() && (task.kind->source == TaskSource::pairs || isMasked(task));
}

bool isSpecialToken(const Tokenizer& tokenizer, int token) {
    const TextPipeline* pipeline = pipelineOf(tokenizer);
    return pipeline && pipeline->isSpecial(token);
}

std::optional<int> maskToken(const Tokenizer& tokenizer) {
    const TextPipeline* pipeline = pipelineOf(tokenizer);
    return pipeline ? specialNamed(*pipeline, {"[MASK]", "<mask>"}) : std::nullopt;
}

std::optional<int> endToken(const Tokenizer& tokenizer) {
    const TextPipeline* pipeline = pipelineOf(tokenizer);
    return pipeline ? specialNamed(*pipeline, {"<|end_of_text|>", "<|endoftext|>", "</s>", "<eos>"}) : std::nullopt;
}

}  // namespace lab
