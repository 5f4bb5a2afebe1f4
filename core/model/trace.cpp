#include "core/model/trace.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/errors.h"
#include "core/model/abandonable_trace.h"
#include "core/model/input_tap.h"
#include "core/model/model.h"
#include "core/model/network.h"

namespace lab {
namespace {

/// Records a pass into a Trace.
class Recorder final : public InputTap {
public:
    Recorder(const Input& input, const TraceRequest& request, Trace& trace) : InputTap(input), m_request(request), m_trace(trace) {}

    void gradient(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (m_request.gradients && m_request.intermediates) record("gradient." + name, shape, values);
        if (replaces(name)) std::fill_n(values, sizeOf(shape), 0.0f);
    }
    bool wantsGradients() const override { return m_request.gradients; }

private:
    void seen(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (m_request.intermediates || name == "logits") record(name, shape, values);
    }
    void record(std::string name, const std::vector<int>& shape, const float* values) {
        m_trace.set(std::move(name),
                    {std::vector<std::int64_t>(shape.begin(), shape.end()), std::vector<float>(values, values + sizeOf(shape))});
    }

    const TraceRequest& m_request;
    Trace& m_trace;
};

constexpr std::size_t mostBytesKept = std::size_t{32} << 20;

/// What is said of one side's tokens.
struct TokenTexts {
    SourceText empty;
    SourceText tooLong;    ///< to be looked at
    SourceText unlearned;  ///< positions
    SourceText unmixed;    ///< positions
    SourceText unknown;    ///< token
};

constexpr TokenTexts inputTexts = {
    LAB_TEXT("model", "The input is empty."),
    LAB_PLURAL("model", "The input has %n token(s); at most %1 can be looked at."),
    LAB_PLURAL("model", "The input has %n token(s), but the model learned positions for %1 (model.max_seq_len)."),
    LAB_PLURAL("model", "The input has %n token(s), but the net that mixes the model's positions has weights for %1 (model.max_seq_len)."),
    LAB_TEXT("model", "Token %1 at position %2 of the input is not in the vocabulary 0 .. %3."),
};

constexpr TokenTexts targetInputTexts = {
    LAB_TEXT("model", "The target input is empty."),
    LAB_PLURAL("model", "The target input has %n token(s); at most %1 can be looked at."),
    LAB_PLURAL("model", "The target input has %n token(s), but the model learned positions for %1 (model.max_seq_len)."),
    {},  // a decoder attends
    LAB_TEXT("model", "Token %1 at position %2 of the target input is not in the vocabulary 0 .. %3."),
};

void checkTokens(const std::vector<int>& tokens, const ModelConfig& config, const TokenTexts& texts) {
    if (tokens.empty()) throw InputError(texts.empty);
    const int length = static_cast<int>(tokens.size());
    if (length > maxTraceLength) throw InputError(Message(texts.tooLong).count(length).arg(maxTraceLength));
    if (config.isBounded() && length > *config.max_seq_len)
        throw InputError(Message(config.attends() ? texts.unlearned : texts.unmixed).count(length).arg(*config.max_seq_len));
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i] < 0 || tokens[i] >= *config.vocab_size)
            throw InputError(Message(texts.unknown).arg(tokens[i]).arg(i).arg(*config.vocab_size - 1));
}

/// Numbers that stand beside `rows` positions, `width` each.
void checkNumbers(const std::vector<float>& numbers, std::size_t rows, int width, const SourceText& wrongCount,
                  const SourceText& notFinite) {
    if (numbers.size() != rows * static_cast<std::size_t>(width))
        throw InputError(Message(wrongCount).arg(rows).arg(width).count(std::ssize(numbers)));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (!std::isfinite(numbers[i])) throw InputError(Message(notFinite).arg(i / static_cast<std::size_t>(width)));
}

void checkVectors(const Input& input, const ModelConfig& config) {
    if (!config.readsVectors()) {
        if (!input.vectors.empty()) throw InputError(LAB_TEXT("model", "The input has vectors, but this model reads tokens."));
        return;
    }
    checkNumbers(input.vectors, input.tokens.size(), *config.input_dim,
                 LAB_PLURAL("model", "The input has %n number(s), but its %1 positions are vectors of %2."),
                 LAB_TEXT("model", "The vector at position %1 of the input has a number that is not finite."));
}

void checkValues(const Input& input, const ModelConfig& config) {
    if (!config.answersNumbers() || input.targets.empty()) return;
    checkNumbers(input.values, input.targets.size(), *config.num_classes,
                 LAB_PLURAL("model", "The target has %n number(s), but the model answers %1 positions with %2 each."),
                 LAB_TEXT("model", "The target at position %1 is not finite."));
}

void checkTargets(const Input& input, const ModelConfig& config, bool needed) {
    if (input.targets.empty() && !needed) return;
    const std::size_t length = input.targetTokens.empty() ? input.tokens.size() : input.targetTokens.size();
    if (input.targets.size() != length)
        throw InputError(Message(LAB_PLURAL("model", "The target has %n token(s), but the model answers at %1 positions."))
                             .count(std::ssize(input.targets))
                             .arg(length));
    for (std::size_t i = 0; i < length; ++i)
        if (input.targets[i] < -1 || input.targets[i] >= *config.num_classes)
            throw InputError(Message(LAB_TEXT("model", "Target %1 at position %2 is neither -1 nor one of the classes 0 .. %3."))
                                 .arg(input.targets[i])
                                 .arg(i)
                                 .arg(*config.num_classes - 1));
    if (needed && std::all_of(input.targets.begin(), input.targets.end(), [](int t) { return t < 0; }))
        throw InputError(LAB_TEXT("model", "The target has no position that counts, so there is no loss to take a gradient of."));
}

}  // namespace

void checkInput(const Input& input, const Model& model, bool needsTargets) {
    const ModelConfig& config = model.config();
    const bool twoSides = config.architecture == Architecture::encoder_decoder;
    checkTokens(input.tokens, config, inputTexts);
    if (twoSides) checkTokens(input.targetTokens, config, targetInputTexts);
    if (!twoSides && !input.targetTokens.empty())
        throw InputError(LAB_TEXT("model", "A target input was given, but this model is no encoder-decoder."));
    if (!input.masked.empty() && input.masked.size() != input.tokens.size())
        throw InputError(Message(LAB_PLURAL("model", "The mask has %1 entries for %n token(s)."))
                             .arg(input.masked.size())
                             .count(std::ssize(input.tokens)));
    checkVectors(input, config);
    checkTargets(input, config, needsTargets);
    checkValues(input, config);
    for (const Intervention& i : input.interventions) {
        if (i.kind == Intervention::Kind::replace) continue;
        const auto& blocks = model.attentionBlocks();
        const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const AttentionBlock& b) { return b.name == i.name; });
        if (block == blocks.end() || i.head < 0 || i.head >= block->heads)
            throw InputError(Message(LAB_TEXT("model", "There is no head %1 of %2 to change.")).arg(i.head).arg(i.name));
    }
}

namespace {

Tensor tokenTensor(const std::vector<int>& tokens) {
    return {{static_cast<std::int64_t>(tokens.size())}, {}, {tokens.begin(), tokens.end()}};
}

float* zeros(Arena& arena, std::size_t n) {
    float* values = arena.take<float>(n);
    std::fill_n(values, n, 0.0f);
    return values;
}

void recordParameterGradients(const ParameterLayout& layout, const float* gradient, Trace& trace) {
    for (const Parameter& p : layout.parameters()) {
        const float* values = gradient + p.offset;
        trace.set("gradient." + p.name,
                  {std::vector<std::int64_t>(p.shape.begin(), p.shape.end()), std::vector<float>(values, values + p.size)});
    }
}

Trace traceOf(const Model& model, const Weights& weights, const Input& input, const TraceRequest& request, Scratch& scratch,
              const std::function<bool()>* abandoned = nullptr) {
    checkInput(input, model, request.gradients);
    Trace result;
    result.tokens = input.tokens;
    result.targetTokens = input.targetTokens;
    const Batch batch = makeBatch({{input.tokens, input.targetTokens, input.targets, input.vectors, input.values}});
    BatchView view = viewOf(batch, 0, 1);
    if (input.targets.empty()) view.targets = nullptr;
    scratch.arena.reset();
    float* transposed = zeros(scratch.arena, model.transposed().size());
    model.transposed().update(kernels<float>(), weights.data(), transposed, 0, weights.size());
    float* gradient = request.gradients ? zeros(scratch.arena, model.layout().flatSize()) : nullptr;
    Recorder recorder(input, request, result);
    Pass<float> pass{kernels<float>(), weights.data(), transposed, gradient, scratch};
    pass.answerCost = request.cost;
    pass.abandoned = abandoned;
    const bool plain = !request.intermediates && !request.gradients && input.interventions.empty() && input.masked.empty();
    if (!plain) pass.tap = &recorder;
    if (request.intermediates && model.config().readsVectors())
        result.set("vectors", {{view.source.length, *model.config().input_dim}, input.vectors});
    const float* logits = nullptr;
    PassSums sums;
    if (request.gradients) {
        const auto counted = std::count_if(input.targets.begin(), input.targets.end(), [](int t) { return t >= 0; });
        sums = model.network().train(pass, view, 1.0f / static_cast<float>(counted));
        recordParameterGradients(model.layout(), gradient, result);
    } else {
        logits = model.network().logits(pass, view);
        if (plain) {
            Tensor values{{view.output().rows(), model.network().classes()}, {}};
            for (int r = 0; r < view.output().rows(); ++r)
                values.values.insert(values.values.end(), logits + static_cast<std::ptrdiff_t>(r) * model.network().logitStride(),
                                     logits + static_cast<std::ptrdiff_t>(r) * model.network().logitStride() + model.network().classes());
            result.set("logits", std::move(values));
        }
        if (view.targets) sums = model.network().lossOf(pass, view, logits);
    }
    if (sums.counted > 0) result.set("loss", {{}, {static_cast<float>(sums.loss / sums.counted)}});
    return result;
}

}  // namespace

NamedTensors fileTensors(Trace trace) {
    NamedTensors tensors = std::move(trace);
    tensors.set("tokens", tokenTensor(trace.tokens));
    if (!trace.targetTokens.empty()) tensors.set("target_tokens", tokenTensor(trace.targetTokens));
    return tensors;
}

TraceMemory::TraceMemory() = default;
TraceMemory::~TraceMemory() = default;

Trace Model::trace(const Weights& weights, const Input& input, const TraceRequest& request) const {
    Scratch scratch;
    return traceOf(*this, weights, input, request, scratch);
}

Trace Model::trace(const Weights& weights, const Input& input, const TraceRequest& request, TraceMemory& memory) const {
    if (!memory.m_scratch) memory.m_scratch = std::make_unique<Scratch>();
    Trace result = traceOf(*this, weights, input, request, *memory.m_scratch);
    if (memory.m_scratch->arena.bytes() > mostBytesKept) memory.m_scratch.reset();
    return result;
}

std::optional<Trace> traceUnlessAbandoned(const Model& model, const Weights& weights, const Input& input,
                                          const std::function<bool()>& abandoned) {
    try {
        Scratch scratch;
        return traceOf(model, weights, input, {}, scratch, &abandoned);
    } catch (const PassAbandoned&) {
        return std::nullopt;
    }
}

}  // namespace lab
