#include "core/model/network.h"

#include <algorithm>

namespace lab {
namespace {

/// The stack of one side, if the model has it; a decoder behind an encoder reads its output.
std::optional<Stack> stackOf(LayerBuilder builder, const ModelConfig& config, Side side) {
    const std::vector<LayerConfig> layers = layersOf(config, side);
    if (layers.empty()) return std::nullopt;
    const bool reads = side == Side::decoder && config.architecture == Architecture::encoder_decoder;
    return Stack(builder, side, layers, {reads, reads});
}

}  // namespace

BatchView viewOf(const Batch& batch, int firstSequence, int count) {
    BatchView view;
    view.source = {count, batch.length, batch.lengths.data() + firstSequence};
    view.tokens = batch.tokens.data() + static_cast<std::ptrdiff_t>(firstSequence) * batch.length;
    if (batch.targetLength > 0) {
        view.target = {count, batch.targetLength, batch.targetLengths.data() + firstSequence};
        view.targetTokens = batch.targetTokens.data() + static_cast<std::ptrdiff_t>(firstSequence) * batch.targetLength;
    }
    if (!batch.targets.empty()) view.targets = batch.targets.data() + static_cast<std::ptrdiff_t>(firstSequence) * batch.outputLength();
    view.firstSample = firstSequence;
    return view;
}

PassSums& PassSums::operator+=(const PassSums& other) {
    loss += other.loss;
    counted += other.counted;
    correct += other.correct;
    sequences += other.sequences;
    sequencesRight += other.sequencesRight;
    return *this;
}

Network::Network(LayerBuilder builder, const ModelConfig& config)
    : m_d(config.d_model),
      m_embedding(builder, config),
      m_encoder(stackOf(builder, config, Side::encoder)),
      m_decoder(stackOf(builder, config, Side::decoder)),
      m_head(builder, config, m_embedding.tokenTable()) {}

template <class T>
void Network::forward(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const {
    pass.dropout.firstSample = view.firstSample;
    T* x = pass.takeRows(view.source.rows(), m_d);
    m_embedding.forward(pass, view.source, view.tokens, x);
    if (pass.tap) pass.tap->tensor("embedding", {view.source.rows(), m_d}, x);
    const T* top = x;
    if (m_encoder) top = m_encoder->forward(pass, view.source, x, static_cast<const Memory<T>*>(nullptr), cache.encoder);
    if (m_encoder && m_decoder) {
        cache.memory = {view.source, top, nullptr};
        x = pass.takeRows(view.target.rows(), m_d);
        m_embedding.forward(pass, view.target, view.targetTokens, x);
        if (pass.tap) pass.tap->tensor("target_embedding", {view.target.rows(), m_d}, x);
    }
    if (m_decoder) top = m_decoder->forward(pass, view.output(), x, m_encoder ? &cache.memory : nullptr, cache.decoder);
    cache.logits = m_head.forward(pass, view.output(), top, cache.head);
    if (pass.tap) pass.tap->tensor("logits", {view.output().rows(), classes()}, withoutStride(pass, view, cache.logits));
}

/// [rows, classes] without the padding of the products.
template <class T>
T* Network::withoutStride(Pass<T>& pass, const BatchView& view, const T* logits) const {
    const int rows = view.output().rows();
    T* compact = pass.takeRows(rows, classes());
    for (int r = 0; r < rows; ++r)
        std::copy_n(logits + static_cast<std::ptrdiff_t>(r) * logitStride(), classes(),
                    compact + static_cast<std::ptrdiff_t>(r) * classes());
    return compact;
}

template <class T>
void Network::backward(Pass<T>& pass, const BatchView& view, Cache<T>& cache, const T* dlogits) const {
    T* dx = m_head.backward(pass, view.output(), dlogits, cache.head);
    if (m_decoder) {
        if (m_encoder) {
            cache.memory.dx = pass.takeRows(view.source.rows(), m_d);
            std::fill_n(cache.memory.dx, static_cast<std::ptrdiff_t>(view.source.rows()) * m_d, T{0});
        }
        dx = m_decoder->backward(pass, view.output(), dx, m_encoder ? &cache.memory : nullptr, cache.decoder);
    }
    if (m_encoder && m_decoder) {
        if (pass.tap) pass.tap->gradient("target_embedding", {view.target.rows(), m_d}, dx);
        m_embedding.backward(pass, view.target, view.targetTokens, dx);
        dx = cache.memory.dx;
    }
    if (m_encoder) dx = m_encoder->backward(pass, view.source, dx, static_cast<const Memory<T>*>(nullptr), cache.encoder);
    if (pass.tap) pass.tap->gradient("embedding", {view.source.rows(), m_d}, dx);
    m_embedding.backward(pass, view.source, view.tokens, dx);
}

template <class T>
PassSums Network::sumsOf(Pass<T>& pass, const BatchView& view, T* logits, T lossWeight, T* dlogits, const signed char** rows) const {
    const Sequences& output = view.output();
    auto* right = pass.scratch.arena.template take<signed char>(static_cast<std::size_t>(output.rows()));
    const CrossEntropySums sums =
        pass.kernels.crossEntropy(output.rows(), classes(), logits, logitStride(), view.targets, lossWeight, dlogits, logitStride(), right);
    PassSums result{sums.loss, sums.counted, sums.correct, output.count, 0};
    for (int s = 0; s < output.count; ++s) {
        const signed char* row = right + static_cast<std::ptrdiff_t>(s) * output.length;
        result.sequencesRight += std::none_of(row, row + output.length, [](signed char r) { return r == 0; });
    }
    if (rows) *rows = right;
    return result;
}

template <class T>
const T* Network::logits(Pass<T>& pass, const BatchView& view) const {
    Cache<T> cache;
    forward(pass, view, cache);
    return cache.logits;
}

template <class T>
PassSums Network::evaluate(Pass<T>& pass, const BatchView& view, const signed char** right) const {
    Cache<T> cache;
    forward(pass, view, cache);
    return sumsOf(pass, view, cache.logits, T{0}, static_cast<T*>(nullptr), right);
}

std::optional<PassSums> Network::evaluateUnlessAbandoned(Pass<float>& pass, const BatchView& view) const {
    try {
        return evaluate(pass, view);
    } catch (const PassAbandoned&) {
        return std::nullopt;
    }
}

template <class T>
PassSums Network::train(Pass<T>& pass, const BatchView& view, T lossWeight) const {
    Cache<T> cache;
    forward(pass, view, cache);
    T* dlogits = pass.takeRows(view.output().rows(), logitStride());
    const PassSums sums = sumsOf(pass, view, cache.logits, lossWeight, dlogits);
    if (pass.tap) pass.tap->gradient("logits", {view.output().rows(), classes()}, withoutStride(pass, view, dlogits));
    backward(pass, view, cache, dlogits);
    return sums;
}

void Network::storeMemory(Pass<float>& pass, const BatchView& source, Stores& stores) const {
    Stack::Cache<float> cache;
    float* x = pass.takeRows(source.source.rows(), m_d);
    m_embedding.forward(pass, source.source, source.tokens, x);
    const float* memory = m_encoder->forward(pass, source.source, x, static_cast<const Memory<float>*>(nullptr), cache);
    m_decoder->storeMemory(pass, source.source.rows(), memory, stores);
}

const float* Network::step(Pass<float>& pass, std::span<const int> tokens, int position, int length, Stores& stores) const {
    const int one = 1, rows = static_cast<int>(tokens.size());
    const Sequences last{1, 1, &one};
    OutputHead::Cache<float> cache;
    float* x = pass.takeRows(rows, m_d);
    for (int r = 0; r < rows; ++r)
        m_embedding.row(pass.weights, tokens[static_cast<std::size_t>(r)], position + r, x + static_cast<std::ptrdiff_t>(r) * m_d);
    const float* top = m_decoder->step(pass, position, rows, length, x, stores);
    return m_head.forward(pass, last, top + static_cast<std::ptrdiff_t>(rows - 1) * m_d, cache);
}

#define INSTANTIATE(T)                                                                          \
    template const T* Network::logits(Pass<T>&, const BatchView&) const;                        \
    template PassSums Network::evaluate(Pass<T>&, const BatchView&, const signed char**) const; \
    template PassSums Network::train(Pass<T>&, const BatchView&, T) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
