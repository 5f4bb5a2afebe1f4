#include "core/model/network.h"

#include <algorithm>

#include "core/layers/squared_loss.h"

namespace lab {
namespace {

/// The stack of one side, if the model has it; a decoder behind an encoder reads its output.
std::optional<Stack> stackOf(LayerBuilder builder, const ModelConfig& config, Side side) {
    const std::vector<LayerConfig> layers = layersOf(config, side);
    if (layers.empty()) return std::nullopt;
    const bool ofTarget = side == Side::decoder && specOf(config.architecture).twoSides();
    return Stack(builder, side, layers, {ofTarget && config.crossAttends(), ofTarget});
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
    const auto rows = static_cast<std::ptrdiff_t>(firstSequence);
    const auto widthOf = [&](const std::vector<float>& numbers) { return std::ssize(numbers) / batch.sequences; };
    if (!batch.vectors.empty()) view.vectors = batch.vectors.data() + rows * widthOf(batch.vectors);
    if (!batch.values.empty()) view.values = batch.values.data() + rows * widthOf(batch.values);
    if (!batch.targets.empty()) view.targets = batch.targets.data() + static_cast<std::ptrdiff_t>(firstSequence) * batch.outputLength();
    view.firstSample = firstSequence;
    return view;
}

PassSums& PassSums::operator+=(const PassSums& other) {
    loss += other.loss;
    squares += other.squares;
    counted += other.counted;
    correct += other.correct;
    sequences += other.sequences;
    sequencesRight += other.sequencesRight;
    return *this;
}

Network::Network(LayerBuilder builder, const ModelConfig& config)
    : m_d(config.d_model),
      m_numbers(config.answersNumbers()),
      m_embedding(builder, config),
      m_encoder(stackOf(builder, config, Side::encoder)),
      m_decoder(stackOf(builder, config, Side::decoder)),
      m_dictionary(specOf(config.dictionary.kind).lookedUp ? std::make_optional<Dictionary>(m_d, *config.dictionary.entry) : std::nullopt),
      m_head(builder, config, m_embedding.tokenTable()) {}

template <class T>
void Network::forward(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const {
    pass.dropout.firstSample = view.firstSample;
    T* x = pass.takeRows(view.source.rows(), m_d);
    m_embedding.forward(pass, view.source, view.inputs(), x);
    if (pass.tap) pass.tap->tensor("embedding", {view.source.rows(), m_d}, x);
    const T* top = x;
    if (m_encoder) top = m_encoder->forward(pass, view.source, x, static_cast<const Memory<T>*>(nullptr), cache.encoder);
    if (m_encoder && m_decoder) {
        cache.memory = {view.source, top};
        if (m_dictionary) {
            m_dictionary->forward(pass, view.source, view.tokens, top, view.target, view.targetTokens, cache.dictionary);
            cache.memory.read = cache.dictionary.read;
        }
        x = pass.takeRows(view.target.rows(), m_d);
        m_embedding.forward(pass, view.target, view.targetInputs(), x);
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
            if (m_dictionary) m_dictionary->startBackward(pass, view.target, cache.dictionary);
            cache.memory.dread = cache.dictionary.dread;
        }
        dx = m_decoder->backward(pass, view.output(), dx, m_encoder ? &cache.memory : nullptr, cache.decoder);
    }
    if (m_encoder && m_decoder) {
        if (pass.tap) pass.tap->gradient("target_embedding", {view.target.rows(), m_d}, dx);
        m_embedding.backward(pass, view.target, view.targetInputs(), dx);
        if (m_dictionary) m_dictionary->backward(pass, view.source, view.target, cache.dictionary, cache.memory.dx);
        dx = cache.memory.dx;
    }
    if (m_encoder) dx = m_encoder->backward(pass, view.source, dx, static_cast<const Memory<T>*>(nullptr), cache.encoder);
    if (pass.tap) pass.tap->gradient("embedding", {view.source.rows(), m_d}, dx);
    m_embedding.backward(pass, view.source, view.inputs(), dx);
}

template <class T>
PassSums Network::lossOf(const Pass<T>& pass, const BatchView& view, const T* logits, T lossWeight, T* dlogits, signed char* right) const {
    const int rows = view.output().rows();
    PassSums result;
    if (m_numbers) {
        const SquaredSums sums = squaredLoss(rows, classes(), logits, logitStride(), view.targets, view.values, lossWeight, dlogits);
        result.loss = sums.loss;
        result.squares = sums.squares;
        result.counted = sums.counted;
        if (right) std::fill_n(right, rows, static_cast<signed char>(0));  // no number is right or wrong
        return result;
    }
    const CrossEntropySums sums =
        pass.kernels.crossEntropy(rows, classes(), logits, logitStride(), view.targets, lossWeight, dlogits, logitStride(), right);
    result.loss = sums.loss;
    result.counted = sums.counted;
    result.correct = sums.correct;
    return result;
}

template <class T>
PassSums Network::sumsOf(Pass<T>& pass, const BatchView& view, T* logits, T lossWeight, T* dlogits, const signed char** rows) const {
    const Sequences& output = view.output();
    auto* right = pass.scratch.arena.template take<signed char>(static_cast<std::size_t>(output.rows()));
    PassSums result = lossOf(pass, view, static_cast<const T*>(logits), lossWeight, dlogits, right);
    result.sequences = output.count;
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
    m_embedding.forward(pass, source.source, source.inputs(), x);
    const float* memory = m_encoder->forward(pass, source.source, x, static_cast<const Memory<float>*>(nullptr), cache);
    m_decoder->storeMemory(pass, source.source.rows(), memory, stores);
    if (m_dictionary) stores.dictionary = m_dictionary->tableOf(source.source, source.tokens, memory);
}

const float* Network::step(Pass<float>& pass, std::span<const int> tokens, int position, int length, Stores& stores) const {
    const int one = 1, rows = static_cast<int>(tokens.size());
    const Sequences last{1, 1, &one};
    OutputHead::Cache<float> cache;
    float* x = pass.takeRows(rows, m_d);
    for (int r = 0; r < rows; ++r)
        m_embedding.row(pass.weights, tokens[static_cast<std::size_t>(r)], position + r, x + static_cast<std::ptrdiff_t>(r) * m_d);
    if (m_dictionary) {
        const float* read = m_dictionary->read(pass, stores.dictionary, tokens.data(), rows);
        for (Block::Stores<float>& block : stores) block.read = read;
    }
    const float* top = m_decoder->step(pass, position, rows, length, x, stores);
    return m_head.forward(pass, last, top + static_cast<std::ptrdiff_t>(rows - 1) * m_d, cache);
}

#define INSTANTIATE(T)                                                                          \
    template const T* Network::logits(Pass<T>&, const BatchView&) const;                        \
    template PassSums Network::evaluate(Pass<T>&, const BatchView&, const signed char**) const; \
    template PassSums Network::train(Pass<T>&, const BatchView&, T) const;                      \
    template PassSums Network::lossOf(const Pass<T>&, const BatchView&, const T*, T, T*, signed char*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
