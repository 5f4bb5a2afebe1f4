#include "core/writing/text_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/sentence_frame.h"

namespace lab {
namespace {

const ModelConfig& decoderOnly(const Model& model) {
    if (model.config().architecture != Architecture::decoder)
        throw InputError(LAB_TEXT("writing", "Only a model that is a decoder alone writes a text on; this one is not."));
    return model.config();
}

std::vector<int> withTokens(std::vector<int> prompt) {
    if (prompt.empty()) throw InputError(LAB_TEXT("writing", "The prompt is empty: there is nothing to write on from."));
    return prompt;
}

/// The prompt's tokens behind the opening's.
std::vector<int> behind(std::vector<int> opening, const std::vector<int>& prompt) {
    opening.insert(opening.end(), prompt.begin(), prompt.end());
    return opening;
}

bool endsBlank(std::string_view text) {
    return !text.empty() && std::string_view(" \n\t").find(text.back()) != std::string_view::npos;
}

WritingOptions checked(WritingOptions options, const ModelConfig& config) {
    if (Message problem = problemOf(options.sampling); !problem.empty()) throw InputError(std::move(problem));
    const auto unknown = [&config](int token) { return token < 0 || token >= *config.num_classes; };
    if (std::ranges::any_of(options.given, unknown))
        throw InputError(LAB_TEXT("writing", "The text has tokens that this model does not know."));
    return options;
}

/// As many tokens as the options want, but no more than a model with a bound can read.
int windowOf(const ModelConfig& config, int wanted) {
    const int most = config.max_seq_len.value_or(mostAtOnce);
    if (wanted <= 0) return most;
    return config.isBounded() ? std::min(wanted, most) : wanted;
}

}  // namespace

std::vector<int> openingOf(const TaskConfig& task, const Tokenizer& tokenizer) {
    return readsFramed(task, tokenizer) ? SentenceFrame(tokenizer).opening() : std::vector<int>();
}

std::vector<Candidate> candidatesOf(const NextToken& next, std::size_t most) {
    std::vector<Candidate> candidates;
    for (const int token : likeliestBefore(next, most, next.token)) {
        const auto i = static_cast<std::size_t>(token);
        candidates.push_back({token, next.before[i], next.heated[i], next.after[i], next.cutBy[i]});
    }
    return candidates;
}

std::vector<CutShare> cutsOf(const NextToken& next) {
    std::vector<CutShare> shares;
    for (const SamplingRule* rule : SamplingRule::table()) shares.push_back({rule});
    auto share = shares.begin();  // of the rule that cut the token before: mostly it is that of this one, too
    for (std::size_t i = 0; i < next.cutBy.size(); ++i) {
        if (!next.cutBy[i]) continue;
        if (share->rule != next.cutBy[i]) share = std::ranges::find(shares, next.cutBy[i], &CutShare::rule);
        ++share->tokens;
        share->before += next.before[i];
    }
    std::erase_if(shares, [](const CutShare& each) { return each.tokens == 0; });
    return shares;
}

int firstReadOf(int length, int window) {
    if (length <= window) return 0;
    const int step = std::max(1, window / 2);
    return (length - window + step - 1) / step * step;
}

TextWriter::TextWriter(std::shared_ptr<const Model> model, const Weights& weights, std::shared_ptr<const Tokenizer> tokenizer,
                       std::string_view prompt, WritingOptions options)
    : TextWriter(std::move(model), weights, tokenizer, behind(options.opening, tokenizer->encode(prompt)), options) {
    // Words bring the blank between them; the prompt has it already.
    m_blankStands = endsBlank(prompt) && !endsBlank(m_tokenizer->decode(m_tokens));
}

TextWriter::TextWriter(std::shared_ptr<const Model> model, const Weights& weights, std::shared_ptr<const Tokenizer> tokenizer,
                       std::vector<int> prompt, WritingOptions options)
    : m_tokenizer(std::move(tokenizer)),
      m_options(checked(std::move(options), decoderOnly(*model))),
      m_vocabulary(model->config().vocab_size.value()),
      m_window(windowOf(model->config(), m_options.window)),
      m_tokens(withTokens(std::move(prompt))),
      m_promptLength(m_tokens.size()),
      m_decoding(std::move(model), weights, {}, m_options.manner),
      m_stream(*m_tokenizer, m_tokens),
      m_stops(m_options.stops) {}

/// Behind the last token. What was read already is not read again, unless the window has moved on.
std::vector<float> TextWriter::logits() {
    const int first = firstReadOf(static_cast<int>(m_tokens.size()), m_window);
    if (first != m_first || !m_options.cache) m_decoding.clear();
    m_first = first;
    const auto read = static_cast<std::ptrdiff_t>(m_decoding.tokens().size());
    return m_decoding.append({m_tokens.begin() + m_first + read, m_tokens.end()});
}

WrittenToken TextWriter::recordOf(const NextToken& chosen) {
    WrittenToken written;
    written.token = chosen.token;
    written.position = static_cast<int>(m_tokens.size());
    written.text = m_stream.push(chosen.token);
    if (std::exchange(m_blankStands, false) && written.text.starts_with(' ')) written.text.erase(0, 1);
    written.released = m_stops.push(written.text);
    written.surprise = chosen.surprise();
    written.entropyBefore = chosen.entropyBefore;
    written.entropyAfter = chosen.entropyAfter;
    written.firstRead = m_first;
    written.candidates = candidatesOf(chosen, m_options.candidates);
    written.cuts = cutsOf(chosen);
    return written;
}

std::optional<WrittenToken> TextWriter::next() {
    if (m_end == End::none && m_tokens.size() - m_promptLength >= static_cast<std::size_t>(m_options.count)) m_end = End::count;
    if (m_end != End::none) return std::nullopt;
    const std::vector<float> row = logits();
    if (!std::ranges::all_of(row, [](float x) { return std::isfinite(x); }))
        throw InputError(LAB_TEXT("writing", "The model's outputs are no numbers; its training has diverged."));
    NextToken chosen = nextToken(row, m_tokens, m_options.sampling, m_tokens.size());
    const std::size_t place = m_tokens.size() - m_promptLength;
    if (place < m_options.given.size()) chosen.token = m_options.given[place];
    WrittenToken written = recordOf(chosen);
    m_tokens.push_back(written.token);
    if (written.token >= m_vocabulary) m_end = End::noToken;
    if (m_stops.found()) m_end = End::stop;
    return written;
}

std::string TextWriter::rest() {
    std::string held = m_stops.push(m_stream.rest());
    return held += m_stops.rest();
}

}  // namespace lab
