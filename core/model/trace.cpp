#include "core/model/trace.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/base/platform_memory.h"
#include "core/model/abandonable_trace.h"
#include "core/model/input_tap.h"
#include "core/model/model.h"
#include "core/model/network.h"

namespace lab {
namespace {

/// Records a pass into a Trace.
class Recorder final : public InputTap {
public:
    /// Whether an intermediate of so many numbers is recorded; empty: as the request says.
    using Chooses = std::function<bool(const std::string& name, std::size_t size)>;

    Recorder(const Input& input, const TraceRequest& request, Trace& trace, Chooses chooses = {})
        : InputTap(input), m_request(request), m_trace(trace), m_chooses(std::move(chooses)) {}

    void gradient(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (m_request.gradients && m_request.intermediates) record("gradient." + name, shape, values);
        if (replaces(name)) std::fill_n(values, sizeOf(shape), 0.0f);
    }
    bool wantsGradients() const override { return m_request.gradients; }

private:
    void seen(const std::string& name, const std::vector<int>& shape, float* values) override {
        const bool wanted = m_chooses ? m_chooses(name, sizeOf(shape)) : m_request.intermediates || name == "logits";
        if (wanted) record(name, shape, values);
    }
    void record(std::string name, const std::vector<int>& shape, const float* values) {
        m_trace.set(std::move(name),
                    {std::vector<std::int64_t>(shape.begin(), shape.end()), std::vector<float>(values, values + sizeOf(shape))});
    }

    const TraceRequest& m_request;
    Trace& m_trace;
    Chooses m_chooses;
};

constexpr std::size_t mostBytesKept = std::size_t{96} << 20;

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

/// Numbers of a whole trace, those of one block, and of a part that traceOnDemand keeps: roughly.
struct TraceSizes {
    double whole = 0, block = 0, part = 0;
};

TraceSizes sizesOf(const ModelConfig& config, const Input& input) {
    constexpr double mapsOfHead = 3, widthsOfStream = 14, widthsOfFeedForward = 3;  // scores, masked and weights; q, k, v .. beside them
    const double n = static_cast<double>(std::max(input.tokens.size(), input.targetTokens.size())), map = config.num_heads * n * n,
                 stream = widthsOfStream * n * config.d_model, layers = config.num_layers, logits = 2 * n * config.num_classes.value_or(0);
    TraceSizes sizes;
    sizes.block = mapsOfHead * map + stream + widthsOfFeedForward * n * config.d_ff.value_or(0);
    sizes.whole = layers * sizes.block + logits;
    sizes.part = layers * (map + stream) + logits;
    return sizes;
}

/// What the pass takes itself counts too.
void requireMemory(const TraceSizes& sizes, bool whole, bool gradients, std::size_t tokens) {
    constexpr double megabyte = 1 << 20, alwaysThere = 64 * megabyte;
    const double working = gradients ? 2 * sizes.whole : sizes.block;
    const double needed = sizeof(float) * ((whole ? sizes.whole : sizes.part) + working);
    if (needed < alwaysThere) return;
    const auto available = availableMemory();
    if (!available || needed <= static_cast<double>(*available)) return;
    throw InputError(Message(LAB_PLURAL("model", "What this model computes of %n token(s) takes %1 MB, but only %2 MB of memory are free."))
                         .count(static_cast<std::int64_t>(tokens))
                         .arg(static_cast<std::int64_t>(needed / megabyte))
                         .arg(*available >> 20));
}

Trace traceOf(const Model& model, const Weights& weights, const Input& input, const TraceRequest& request, Scratch& scratch,
              const std::function<bool()>* abandoned = nullptr, const Recorder::Chooses& chooses = {}) {
    checkInput(input, model, request.gradients);
    if (request.intermediates || request.gradients)
        requireMemory(sizesOf(model.config(), input), !chooses, request.gradients,
                      std::max(input.tokens.size(), input.targetTokens.size()));
    Trace result;
    result.tokens = input.tokens;
    result.targetTokens = input.targetTokens;
    const Batch batch = makeBatch({{input.tokens, input.targetTokens, input.targets, input.vectors, input.values}});
    BatchView view = viewOf(batch, 0, 1);
    if (input.targets.empty()) view.targets = nullptr;
    scratch.arena.reset();
    float* gradient = request.gradients ? zeros(scratch.arena, model.layout().flatSize()) : nullptr;
    Recorder recorder(input, request, result, chooses);
    Pass<float> pass{kernels<float>(), weights.data(), nullptr, gradient, scratch};
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
            values.values.reserve(static_cast<std::size_t>(view.output().rows()) * static_cast<std::size_t>(model.network().classes()));
            const std::size_t bytes = values.values.capacity() * sizeof(float);
            if (bytes >= hugePageBytes) adviseHugePages(values.values.data(), bytes);
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

Scratch& TraceMemory::scratch() {
    if (!m_scratch) m_scratch = std::make_unique<Scratch>();
    return *m_scratch;
}

void TraceMemory::letGoOfMuch() {
    if (m_scratch->arena.bytes() > mostBytesKept) m_scratch.reset();
}

Trace Model::trace(const Weights& weights, const Input& input, const TraceRequest& request) const {
    Scratch scratch;
    return traceOf(*this, weights, input, request, scratch);
}

Trace Model::trace(const Weights& weights, const Input& input, const TraceRequest& request, TraceMemory& memory) const {
    Trace result = traceOf(*this, weights, input, request, memory.scratch());
    memory.letGoOfMuch();
    return result;
}

namespace {

/// Computes what a trace left out: its block once more, of the residual stream that the trace has.
class LeftOut final : public TensorSource {
public:
    LeftOut(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, Input input)
        : m_model(std::move(model)), m_weights(std::move(weights)), m_input(std::move(input)) {}

    /// Before anything is asked for.
    void add(const std::string& name) { m_names.insert(name); }
    /// What the blocks read, [rows, d_model] each.
    void addStream(Tensor stream) { m_streams.push_back(std::move(stream)); }

    const Tensor* find(std::string_view name) const override {
        const auto known = m_names.find(std::string(name));
        if (known == m_names.end()) return nullptr;
        const std::lock_guard lock(m_mutex);
        if (!m_made.contains(*known)) m_made.emplace(*known, computed(*known));
        return &m_made.at(*known);
    }

private:
    Tensor computed(const std::string& name) const {
        Trace found;
        Scratch scratch;
        Recorder recorder(m_input, {}, found, [&](const std::string& each, std::size_t) { return each == name; });
        Pass<float> pass{kernels<float>(), m_weights->data(), nullptr, nullptr, scratch};
        pass.tap = &recorder;
        const int length = static_cast<int>(m_input.tokens.size());
        const std::size_t block = blockOf(name);
        m_model->network().repeat(pass, {1, length, &length}, block, m_streams[block].values.data());
        return found.at(name);
    }
    /// "decoder.3.attention.scores": 3.
    static std::size_t blockOf(const std::string& name) { return std::stoul(name.substr(name.find('.') + 1)); }

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Weights> m_weights;
    Input m_input;
    std::set<std::string, std::less<>> m_names;
    std::vector<Tensor> m_streams;
    mutable std::mutex m_mutex;
    mutable std::map<std::string, Tensor, std::less<>> m_made;
};

}  // namespace

Trace traceOnDemand(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Weights>& weights, const Input& input,
                    const TraceRequest& request, TraceMemory& memory, std::size_t mostBytes) {
    const ModelConfig& config = model->config();
    const bool small = sizeof(float) * sizesOf(config, input).whole <= static_cast<double>(mostBytes);
    if (small || !request.intermediates || request.gradients || !model->network().blocksStandAlone())
        return model->trace(*weights, input, request, memory);
    const auto leftOut = std::make_shared<LeftOut>(model, weights, input);
    const std::string side = model->attentionBlocks().empty() ? std::string() : model->attentionBlocks().front().side + ".";
    const std::size_t mostNumbers = input.tokens.size() * static_cast<std::size_t>(config.d_model);
    const auto keeps = [&](const std::string& name, std::size_t size) {
        if (size <= mostNumbers || !name.starts_with(side) || name.ends_with(".weights")) return true;
        leftOut->add(name);
        return false;
    };
    Trace trace = traceOf(*model, *weights, input, request, memory.scratch(), nullptr, keeps);
    memory.letGoOfMuch();
    const Tensor* stream = &trace.at("embedding");
    for (int block = 0; stream; stream = trace.find(side + std::to_string(block++) + ".residual")) leftOut->addStream(*stream);
    trace.setSource(leftOut);
    return trace;
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
