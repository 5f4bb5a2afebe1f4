#include "core/model/trace.h"

#include <algorithm>
#include <utility>

#include "core/base/errors.h"
#include "core/model/abandonable_trace.h"
#include "core/model/model.h"
#include "core/model/network.h"

namespace lab {
namespace {

/// Records a pass into a Trace and applies the input's interventions.
class Recorder final : public Tap<float> {
public:
    Recorder(const Input& input, const TraceRequest& request, Trace& trace) : m_input(input), m_request(request), m_trace(trace) {}

    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        const std::size_t size = sizeOf(shape);
        for (const Intervention& intervention : m_input.interventions) {
            if (intervention.kind != Intervention::Kind::replace || intervention.name != name) continue;
            if (intervention.values.size() != size)
                throw InputError("The edited tensor " + name + " has " + std::to_string(intervention.values.size()) + " numbers, not the " +
                                 std::to_string(size) + " of this input.");
            std::copy(intervention.values.begin(), intervention.values.end(), values);
        }
        if (m_request.intermediates || name == "logits") record(name, shape, values, size);
    }

    void gradient(const std::string& name, const std::vector<int>& shape, float* values) override {
        const std::size_t size = sizeOf(shape);
        if (m_request.gradients && m_request.intermediates) record("gradient." + name, shape, values, size);
        const bool replaced = std::any_of(m_input.interventions.begin(), m_input.interventions.end(),
                                          [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && i.name == name; });
        if (replaced) std::fill_n(values, size, 0.0f);
    }

    bool headOff(const std::string& block, int head) const override { return has(Intervention::Kind::headOff, block, head); }
    bool headUniform(const std::string& block, int head) const override { return has(Intervention::Kind::headUniform, block, head); }
    bool wantsGradients() const override { return m_request.gradients; }
    const std::vector<bool>& maskedKeys(bool ofTargetSide) const override {
        static const std::vector<bool> none;
        return ofTargetSide ? none : m_input.masked;
    }

private:
    static std::size_t sizeOf(const std::vector<int>& shape) {
        std::size_t size = 1;
        for (const int extent : shape) size *= static_cast<std::size_t>(extent);
        return size;
    }
    void record(std::string name, const std::vector<int>& shape, const float* values, std::size_t size) {
        m_trace.set(std::move(name), {std::vector<std::int64_t>(shape.begin(), shape.end()), std::vector<float>(values, values + size)});
    }
    bool has(Intervention::Kind kind, const std::string& block, int head) const {
        return std::any_of(m_input.interventions.begin(), m_input.interventions.end(),
                           [&](const Intervention& i) { return i.kind == kind && i.name == block && i.head == head; });
    }

    const Input& m_input;
    const TraceRequest& m_request;
    Trace& m_trace;
};

constexpr std::size_t mostBytesKept = std::size_t{32} << 20;

void checkTokens(const std::vector<int>& tokens, const ModelConfig& config, const std::string& what) {
    if (tokens.empty()) throw InputError("The " + what + " is empty.");
    if (static_cast<int>(tokens.size()) > maxTraceLength)
        throw InputError("The " + what + " has " + std::to_string(tokens.size()) + " tokens; at most " + std::to_string(maxTraceLength) +
                         " can be looked at.");
    if (config.position.kind == PositionKind::learned && static_cast<int>(tokens.size()) > *config.max_seq_len)
        throw InputError("The " + what + " has " + std::to_string(tokens.size()) + " tokens, but the model learned positions for " +
                         std::to_string(*config.max_seq_len) + " (model.max_seq_len).");
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i] < 0 || tokens[i] >= *config.vocab_size)
            throw InputError("Token " + std::to_string(tokens[i]) + " at position " + std::to_string(i) + " of the " + what +
                             " is not in the vocabulary 0 .. " + std::to_string(*config.vocab_size - 1) + ".");
}

void checkTargets(const Input& input, const ModelConfig& config, bool needed) {
    if (input.targets.empty() && !needed) return;
    const std::size_t length = input.targetTokens.empty() ? input.tokens.size() : input.targetTokens.size();
    if (input.targets.size() != length)
        throw InputError("The target has " + std::to_string(input.targets.size()) + " tokens, but the model answers at " +
                         std::to_string(length) + " positions.");
    for (std::size_t i = 0; i < length; ++i)
        if (input.targets[i] < -1 || input.targets[i] >= *config.num_classes)
            throw InputError("Target " + std::to_string(input.targets[i]) + " at position " + std::to_string(i) +
                             " is neither -1 nor one of the classes 0 .. " + std::to_string(*config.num_classes - 1) + ".");
    if (needed && std::all_of(input.targets.begin(), input.targets.end(), [](int t) { return t < 0; }))
        throw InputError("The target has no position that counts, so there is no loss to take a gradient of.");
}

void checkInput(const Input& input, const Model& model, bool needsTargets) {
    const ModelConfig& config = model.config();
    const bool twoSides = config.architecture == Architecture::encoder_decoder;
    checkTokens(input.tokens, config, "input");
    if (twoSides) checkTokens(input.targetTokens, config, "target input");
    if (!twoSides && !input.targetTokens.empty()) throw InputError("A target input was given, but this model is no encoder-decoder.");
    if (!input.masked.empty() && input.masked.size() != input.tokens.size())
        throw InputError("The mask has " + std::to_string(input.masked.size()) + " entries for " + std::to_string(input.tokens.size()) +
                         " tokens.");
    checkTargets(input, config, needsTargets);
    for (const Intervention& i : input.interventions) {
        if (i.kind == Intervention::Kind::replace) continue;
        const auto& blocks = model.attentionBlocks();
        const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const AttentionBlock& b) { return b.name == i.name; });
        if (block == blocks.end() || i.head < 0 || i.head >= block->heads)
            throw InputError("There is no head " + std::to_string(i.head) + " of " + i.name + " to change.");
    }
}

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
    const Batch batch = makeBatch({{input.tokens, input.targetTokens, input.targets}});
    BatchView view = viewOf(batch, 0, 1);
    if (input.targets.empty()) view.targets = nullptr;
    scratch.arena.reset();
    float* transposed = zeros(scratch.arena, model.transposed().size());
    model.transposed().update(kernels<float>(), weights.data(), transposed, 0, weights.size());
    float* gradient = request.gradients ? zeros(scratch.arena, model.layout().flatSize()) : nullptr;
    Recorder recorder(input, request, result);
    Pass<float> pass{kernels<float>(), weights.data(), transposed, gradient, scratch};
    pass.abandoned = abandoned;
    const bool plain = !request.intermediates && !request.gradients && input.interventions.empty() && input.masked.empty();
    if (!plain) pass.tap = &recorder;
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
        if (view.targets) {
            const CrossEntropySums loss = pass.kernels.crossEntropy(view.output().rows(), model.network().classes(), logits,
                                                                    model.network().logitStride(), view.targets, 0.0f, nullptr, 0, nullptr);
            sums = {loss.loss, loss.counted, loss.correct, 1, 0};
        }
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
