#include "core/model/network.h"

#include <algorithm>

#include "core/layers/answer_cost.h"
#include "core/layers/squared_loss.h"

namespace lab {
namespace {

/// The stack of one side, if the model has it; a decoder behind an encoder reads its output.
std::optional<Stack> stackOf(LayerBuilder builder, const ModelConfig& config, Side side) {
    const std::vector<LayerConfig> layers = layersOf(config, side);
    if (layers.empty()) return std::nullopt;
    const bool ofTarget = side == Side::decoder && specOf(config.architecture).twoSides();
    return Stack(builder, side, layers, {ofTarget && config.crossAttends(), ofTarget, config.hasBottleneck()});
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
    view.ofSequences = batch.sequences;
    return view;
}

PassSums& PassSums::operator+=(const PassSums& other) {
    loss += other.loss;
    squares += other.squares;
    beside += other.beside;
    answerCost += other.answerCost;
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
      m_bottleneck(config.hasBottleneck() ? std::make_optional<Bottleneck>(builder, config) : std::nullopt),
      m_dictionary(specOf(config.dictionary.kind).lookedUp ? std::make_optional<Dictionary>(m_d, *config.dictionary.entry) : std::nullopt),
      m_head(builder, config, m_embedding.tokenTable()) {}

template <class T>
const T* Network::encode(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const {
    pass.dropout.firstSample = view.firstSample;
    T* x = pass.takeRows(view.source.rows(), m_d);
    m_embedding.forward(pass, view.source, view.inputs(), x, cache.embedding);
    if (pass.tap) pass.tap->tensor("embedding", {view.source.rows(), m_d}, x);
    return m_encoder ? m_encoder->forward(pass, view.source, x, static_cast<const Memory<T>*>(nullptr), cache.encoder) : x;
}

/// What a decoder looks at of what the encoder made.
template <class T>
void Network::remember(Pass<T>& pass, const BatchView& view, const T* encoded, Cache<T>& cache) const {
    cache.memory = {view.source, encoded};
    if (m_bottleneck) {
        m_bottleneck->forward(pass, view.source, view.tokens, encoded, cache.bottleneck);
        cache.memory = {cache.bottleneck.sequences, cache.bottleneck.memory};
    }
    if (m_dictionary) {
        m_dictionary->forward(pass, view.source, view.tokens, encoded, view.target, view.targetTokens, cache.dictionary);
        cache.memory.read = cache.dictionary.read;
    }
}

template <class T>
T* Network::decoderInput(Pass<T>& pass, const BatchView& view, Embedding::Cache<T>& cache) const {
    T* x = pass.takeRows(view.target.rows(), m_d);
    m_embedding.forward(pass, view.target, view.targetInputs(), x, cache);
    if (pass.tap) pass.tap->tensor("target_embedding", {view.target.rows(), m_d}, x);
    return x;
}

template <class T>
void Network::forward(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const {
    pass.beside = 0;
    pass.besideWeight = 1.0 / std::max(1, view.ofSequences);
    const T* top = encode(pass, view, cache);
    const bool twoSides = m_encoder && m_decoder;
    if (twoSides) {
        remember(pass, view, top, cache);
        top = decoderInput(pass, view, cache.targetEmbedding);
    }
    if (m_decoder) top = m_decoder->forward(pass, view.output(), top, twoSides ? &cache.memory : nullptr, cache.decoder);
    cache.logits = m_head.forward(pass, view.output(), top, cache.head);
    if (pass.tap) pass.tap->tensor("logits", {view.output().rows(), classes()}, withoutStride(pass, view, cache.logits));
}

template <class T>
std::vector<int> Network::codes(Pass<T>& pass, const BatchView& view) const {
    Cache<T> cache;
    remember(pass, view, encode(pass, view, cache), cache);
    return {cache.bottleneck.codes, cache.bottleneck.codes + cache.bottleneck.sequences.rows()};
}

template <class T>
CodeLosses Network::codeLosses(Pass<T>& pass, const BatchView& view) const {
    Cache<T> cache;
    remember(pass, view, encode(pass, view, cache), cache);
    return m_bottleneck->losses(pass, view.source, cache.bottleneck);
}

template <class T>
const T* Network::logitsOfCodes(Pass<T>& pass, const BatchView& target, const int* codes) const {
    Cache<T> cache;
    cache.memory = {m_bottleneck->slotsOf(pass, target.target.count), m_bottleneck->memoryOf(pass, target.target.count, codes)};
    const T* top = m_decoder->forward(pass, target.target, decoderInput(pass, target, cache.targetEmbedding), &cache.memory, cache.decoder);
    return m_head.forward(pass, target.target, top, cache.head);
}

template <class T>
const T* Network::read(Pass<T>& pass, const Sequences& sequences, const T* stream) const {
    OutputHead::Cache<T> cache;
    const Stack& last = m_decoder ? *m_decoder : *m_encoder;
    return m_head.forward(pass, sequences, last.normed(pass, sequences, stream), cache);
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

/// From the gradient of the memory to that of the encoder's output.
template <class T>
T* Network::rememberBackward(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const {
    if (m_dictionary) m_dictionary->backward(pass, view.source, view.target, cache.dictionary, cache.memory.dx);
    if (!m_bottleneck) return cache.memory.dx;
    T* dencoded = pass.takeRows(view.source.rows(), m_d);
    const T share = static_cast<T>(view.source.count) / static_cast<T>(std::max(1, view.ofSequences));
    m_bottleneck->backward(pass, view.source, cache.bottleneck, static_cast<const T*>(cache.memory.dx), share, dencoded);
    return dencoded;
}

template <class T>
void Network::backward(Pass<T>& pass, const BatchView& view, Cache<T>& cache, const T* dlogits) const {
    T* dx = m_head.backward(pass, view.output(), dlogits, cache.head);
    const bool twoSides = m_encoder && m_decoder;
    if (twoSides) {
        const int rows = cache.memory.sequences.rows();
        cache.memory.dx = pass.takeRows(rows, m_d);
        std::fill_n(cache.memory.dx, static_cast<std::ptrdiff_t>(rows) * m_d, T{0});
        if (m_dictionary) m_dictionary->startBackward(pass, view.target, cache.dictionary);
        cache.memory.dread = cache.dictionary.dread;
    }
    if (m_decoder) dx = m_decoder->backward(pass, view.output(), dx, twoSides ? &cache.memory : nullptr, cache.decoder);
    if (twoSides) {
        if (pass.tap) pass.tap->gradient("target_embedding", {view.target.rows(), m_d}, dx);
        m_embedding.backward(pass, view.target, view.targetInputs(), dx, cache.targetEmbedding);
        dx = rememberBackward(pass, view, cache);
    }
    if (m_encoder) dx = m_encoder->backward(pass, view.source, dx, static_cast<const Memory<T>*>(nullptr), cache.encoder);
    if (pass.tap) pass.tap->gradient("embedding", {view.source.rows(), m_d}, dx);
    Pass<T> second = pass;  // the decoder's embedding has the same parameters
    second.writesLinearGradients &= !twoSides;
    m_embedding.backward(second, view.source, view.inputs(), dx, cache.embedding);
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
    if (pass.answerCost.any() && !m_numbers)
        result.answerCost = addAnswerCost(pass.answerCost, output.rows(), classes(), static_cast<const T*>(logits), logitStride(),
                                          view.targets, lossWeight, dlogits);
    result.sequences = output.count;
    for (int s = 0; s < output.count; ++s) {
        const signed char* row = right + static_cast<std::ptrdiff_t>(s) * output.length;
        result.sequencesRight += std::none_of(row, row + output.length, [](signed char r) { return r == 0; });
    }
    if (rows) *rows = right;
    return result;
}

template <class T>
void Network::addBeside(Pass<T>& pass, const BatchView& view, const Cache<T>& cache, PassSums& sums) const {
    sums.beside = pass.beside;
    if (m_bottleneck) sums.beside += view.source.count * m_bottleneck->weightedLoss(pass, view.source, cache.bottleneck);
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
    PassSums sums = sumsOf(pass, view, cache.logits, T{0}, static_cast<T*>(nullptr), right);
    addBeside(pass, view, cache, sums);
    return sums;
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
    PassSums sums = sumsOf(pass, view, cache.logits, lossWeight, dlogits);
    addBeside(pass, view, cache, sums);
    if (pass.tap) pass.tap->gradient("logits", {view.output().rows(), classes()}, withoutStride(pass, view, dlogits));
    backward(pass, view, cache, dlogits);
    return sums;
}

void Network::repeat(Pass<float>& pass, const Sequences& sequences, std::size_t block, const float* x) const {
    onlyStack().repeat(pass, sequences, block, x);
}

void Network::storeMemory(Pass<float>& pass, const BatchView& source, Stores& stores) const {
    Stack::Cache<float> cache;
    float* x = pass.takeRows(source.source.rows(), m_d);
    Embedding::Cache<float> embedding;
    m_embedding.forward(pass, source.source, source.inputs(), x, embedding);
    const float* memory = m_encoder->forward(pass, source.source, x, static_cast<const Memory<float>*>(nullptr), cache);
    if (m_bottleneck) {
        Bottleneck::Cache<float> codes;
        m_bottleneck->forward(pass, source.source, source.tokens, memory, codes);
        return m_decoder->storeMemory(pass, codes.sequences.rows(), static_cast<const float*>(codes.memory), stores);
    }
    m_decoder->storeMemory(pass, source.source.rows(), memory, stores);
    if (m_dictionary) stores.dictionary = m_dictionary->tableOf(source.source, source.tokens, memory);
}

void Network::storeCodes(Pass<float>& pass, const int* codes, Stores& stores) const {
    const float* memory = m_bottleneck->memoryOf(pass, 1, codes);
    m_decoder->storeMemory(pass, m_bottleneck->shape().slotCount, memory, stores);
}

const float* Network::step(Pass<float>& pass, std::span<const int> tokens, int position, int length, Stores& stores) const {
    const int one = 1, rows = static_cast<int>(tokens.size());
    const Sequences last{1, 1, &one};
    OutputHead::Cache<float> cache;
    float* x = pass.takeRows(rows, m_d);
    m_embedding.step(pass, tokens, position, x);
    if (m_dictionary) {
        const float* read = m_dictionary->read(pass, stores.dictionary, tokens.data(), rows);
        for (Block::Stores<float>& block : stores) block.read = read;
    }
    const float* top = m_decoder->step(pass, position, rows, length, x, stores);
    return m_head.forward(pass, last, top + static_cast<std::ptrdiff_t>(rows - 1) * m_d, cache);
}

#define INSTANTIATE(T)                                                                          \
    template const T* Network::logits(Pass<T>&, const BatchView&) const;                        \
    template const T* Network::read(Pass<T>&, const Sequences&, const T*) const;                \
    template PassSums Network::evaluate(Pass<T>&, const BatchView&, const signed char**) const; \
    template PassSums Network::train(Pass<T>&, const BatchView&, T) const;                      \
    template std::vector<int> Network::codes(Pass<T>&, const BatchView&) const;                 \
    template CodeLosses Network::codeLosses(Pass<T>&, const BatchView&) const;                  \
    template const T* Network::logitsOfCodes(Pass<T>&, const BatchView&, const int*) const;     \
    template PassSums Network::lossOf(const Pass<T>&, const BatchView&, const T*, T, T*, signed char*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
