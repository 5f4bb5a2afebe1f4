#include "core/model/decoding.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/team.h"
#include "core/layers/byte_weights.h"
#include "core/model/network.h"

namespace lab {
namespace {

constexpr std::size_t tokensAtOnce = 64;  ///< of a prompt: the weights are read once for all of them

/// Logits behind the last token, everything computed anew.
std::vector<float> lastLogits(const Model& model, const Weights& weights, const Input& input) {
    TraceRequest request;
    request.intermediates = false;
    const Tensor logits = model.trace(weights, input, request).at("logits");
    return {logits.values.end() - logits.extent(1), logits.values.end()};
}

}  // namespace

class Decoding::Implementation {
public:
    Implementation(std::shared_ptr<const Model> m, const Weights& w, std::vector<int> s, const DecodingManner& manner)
        : model(std::move(m)), weights(w), source(std::move(s)) {
        if (w.size() <= manner.fewWeights) {
            transposed = model->transposedCopy(w);
        } else {
            if (manner.quantisation) bytes.emplace(w, model->layout(), *manner.quantisation);
            if (manner.threads > 1) team.emplace(manner.threads);
        }
        const ModelConfig& config = model->config();
        if (!specOf(config.architecture).decoder)
            throw InputError(LAB_TEXT("model", "An encoder does not generate; it answers all positions at once."));
        if (config.readsVectors())
            throw InputError(LAB_TEXT("model", "A model of vectors does not generate: what it answers is no vector to read next."));
        if (specOf(config.architecture).twoSides() && source.empty())
            throw InputError(LAB_TEXT("model", "The input of the encoder is empty."));
        check(source);
        restart();
    }

    std::vector<float> append(const std::vector<int>& more) {
        check(more);
        const int length = static_cast<int>(tokens.size() + more.size());
        const ModelConfig& config = model->config();
        if (specOf(config.position.kind).learnedTable && length > *config.max_seq_len)
            throw InputError(Message(LAB_PLURAL("model",
                                                "The sequence would have %n token(s), but the model learned positions for %1 "
                                                "(model.max_seq_len)."))
                                 .count(length)
                                 .arg(*config.max_seq_len));
        tokens.insert(tokens.end(), more.begin(), more.end());
        std::size_t first = tokens.size() - more.size();
        if (changesFactors(static_cast<int>(first), length)) {
            restart();
            first = 0;
        }
        std::vector<float> logits;
        while (first < tokens.size()) {
            scratch.arena.reset();
            Pass<float> pass = makePass();
            const auto unread = std::span<const int>(tokens).subspan(first);
            const auto portion = unread.first(std::min(unread.size(), tokensAtOnce));
            const float* row = model->network().step(pass, portion, static_cast<int>(first), length, stores);
            first += portion.size();
            if (first == tokens.size()) logits.assign(row, row + model->network().classes());
        }
        return logits;
    }

    std::size_t cacheBytes() const {
        std::size_t kept = stores.dictionary.bytes();
        for (const auto& block : stores) kept += block.self.bytes() + block.cross.bytes();
        return kept;
    }

    void clear() {
        tokens.clear();
        restart();
    }

    std::vector<int> tokens;

private:
    Pass<float> makePass() {
        Pass<float> pass{kernels<float>(), weights.data(), transposed.empty() ? nullptr : transposed.data(), nullptr, scratch};
        pass.team = team ? &*team : nullptr;
        pass.bytes = bytes ? &*bytes : nullptr;
        return pass;
    }

    void check(const std::vector<int>& read) const {
        for (const int token : read)
            if (token < 0 || token >= *model->config().vocab_size)
                throw InputError(Message(LAB_TEXT("model", "Token %1 is not in the vocabulary 0 .. %2."))
                                     .arg(token)
                                     .arg(*model->config().vocab_size - 1));
    }

    /// Whether all positions turn differently at the new length than at the old one: the keys that are kept are then of no use.
    bool changesFactors(int before, int after) const {
        const PositionConfig& position = model->config().position;
        if (!specOf(position.kind).rotates || !position.rope.scaling.kind->byLength) return false;
        const int original = *position.rope.scaling.original_max_seq_len;
        return before > 0 && after > original && (before <= original || position.rope.scaling.kind->byEachLength);
    }

    void restart() {
        stores.assign(model->network().decoderBlocks(), {});
        stores.dictionary = {};
        if (source.empty()) return;
        scratch.arena.reset();
        Pass<float> pass = makePass();
        const Batch batch = makeBatch({{source, {}, {}}});
        model->network().storeMemory(pass, viewOf(batch, 0, 1), stores);
    }

    std::shared_ptr<const Model> model;
    const Weights& weights;
    Weights transposed;  // empty: products read the weights as they lie
    std::optional<ByteWeights> bytes;
    std::optional<Team> team;
    std::vector<int> source;
    Scratch scratch;
    Network::Stores stores;
};

Decoding::Decoding(std::shared_ptr<const Model> model, const Weights& weights, std::vector<int> source, const DecodingManner& manner)
    : m_implementation(std::make_unique<Implementation>(std::move(model), weights, std::move(source), manner)) {}

Decoding::~Decoding() = default;

std::vector<float> Decoding::append(const std::vector<int>& tokens) {
    return m_implementation->append(tokens);
}

const std::vector<int>& Decoding::tokens() const {
    return m_implementation->tokens;
}

void Decoding::clear() {
    m_implementation->clear();
}

std::size_t Decoding::cacheBytes() const {
    return m_implementation->cacheBytes();
}

Generated generate(const std::shared_ptr<const Model>& model, const Weights& weights, const Input& input, const GenerateOptions& options,
                   const std::function<bool(int)>& onToken) {
    const bool twoSides = model->config().architecture == Architecture::encoder_decoder;
    Input whole{input.tokens, input.targetTokens, {}, {}, {}};
    std::vector<int>& sequence = twoSides ? whole.targetTokens : whole.tokens;
    if (sequence.empty())
        throw InputError(twoSides ? LAB_TEXT("model", "The target input needs at least its first token.")
                                  : LAB_TEXT("model", "The input is empty."));
    Decoding decoding(model, weights, twoSides ? input.tokens : std::vector<int>{}, options.manner);
    std::vector<int> unread = sequence;
    Generated result;
    for (int i = 0; i < options.count; ++i) {
        const std::vector<float> logits = options.cache ? decoding.append(unread) : lastLogits(*model, weights, whole);
        const int token = nextTokenOnly(logits, sequence, options.sampling, static_cast<std::uint64_t>(i));
        result.tokens.push_back(token);
        if (onToken && !onToken(token)) break;
        if (token >= *model->config().vocab_size) break;  // a class that is no token cannot be read again
        unread = {token};
        sequence.push_back(token);
    }
    result.cacheBytes = options.cache ? decoding.cacheBytes() : 0;
    return result;
}

namespace {

bool counts(int target) {
    return target >= 0;
}

std::ptrdiff_t firstCounting(const std::vector<int>& targets) {
    return std::find_if(targets.begin(), targets.end(), counts) - targets.begin();
}

/// What the model writes behind `prompt`: `count` tokens into `result` from position `first` on.
void writeAnswer(const std::shared_ptr<const Model>& model, const Weights& weights, const Input& prompt, int count, std::size_t first,
                 std::vector<int>& result, const std::function<bool(int, int)>& onToken) {
    GenerateOptions options;
    options.count = count;
    std::size_t at = first;
    generate(model, weights, prompt, options, [&](int token) {
        if (at >= result.size()) return false;
        result[at] = token;
        ++at;
        return !onToken || onToken(static_cast<int>(at) - 1, token);
    });
}

}  // namespace

bool writesAnswer(const ModelConfig& model, const Input& input) {
    if (model.readsVectors() || specOf(model.dictionary.kind).apart) return false;
    if (model.architecture == Architecture::encoder_decoder) return !input.targetTokens.empty();
    const std::ptrdiff_t first = firstCounting(input.targets);
    // An answer that is written stands in one piece; what is asked here and there is answered where it is asked.
    const auto written = std::find_if_not(input.targets.begin() + first, input.targets.end(), counts);
    const bool onePiece = std::find_if(written, input.targets.end(), counts) == input.targets.end();
    return model.architecture == Architecture::decoder && onePiece && first > 0 && first < std::ssize(input.targets);
}

std::vector<int> answer(const std::shared_ptr<const Model>& model, const Weights& weights, const Input& input,
                        const std::function<bool(int, int)>& onToken) {
    if (!writesAnswer(model->config(), input)) {
        TraceRequest request;
        request.intermediates = false;
        return predictions(model->trace(weights, input, request));
    }
    if (model->config().architecture == Architecture::encoder_decoder) {
        std::vector<int> result(input.targetTokens.size(), -1);
        const Input prompt{input.tokens, {input.targetTokens[0]}, {}, {}, {}};
        writeAnswer(model, weights, prompt, static_cast<int>(result.size()), 0, result, onToken);
        return result;
    }
    std::vector<int> result(input.tokens.size(), -1);
    const std::ptrdiff_t first = firstCounting(input.targets);
    const Input prompt{{input.tokens.begin(), input.tokens.begin() + first + 1}, {}, {}, {}, {}};
    const auto count = std::count_if(input.targets.begin(), input.targets.end(), counts);
    writeAnswer(model, weights, prompt, static_cast<int>(count), static_cast<std::size_t>(first), result, onToken);
    return result;
}

}  // namespace lab
