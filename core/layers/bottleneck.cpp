#include "core/layers/bottleneck.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.h"
#include "core/config/layer_config.h"
#include "core/layers/adapter_pass.h"

namespace lab {
namespace {

std::size_t sizeOf(int n) {
    return static_cast<std::size_t>(n);
}

std::size_t added(LayerBuilder builder, const char* name, std::vector<int> shape, ParameterRole role, int fanIn) {
    const int fanOut = shape.front();
    ParameterLayout& layout = builder.layout;
    return layout[layout.add(std::string("bottleneck.") + name, std::move(shape), role, fanOut, fanIn)].offset;
}

/// The same tokens, whatever the padding behind them is.
bool sameSequence(const Sequences& source, const int* tokens, int s, int t) {
    const int* a = tokens + std::ptrdiff_t{s} * source.length;
    const int* b = tokens + std::ptrdiff_t{t} * source.length;
    return source.lengths[s] == source.lengths[t] && std::equal(a, a + source.lengths[s], b);
}

}  // namespace

Bottleneck::Bottleneck(LayerBuilder builder, const ModelConfig& config)
    : m_config(config.bottleneck),
      m_shape(config.bottleneck.shape()),
      m_d(config.d_model),
      m_queries(added(builder, "queries", {m_shape.slotCount, m_d}, ParameterRole::slotTable, 1)),
      m_attention(builder, "bottleneck.attention", crossAttentionOf(layersOf(config, Side::encoder).front()), {.cross = true}),
      m_inWeight(added(builder, "in.weight", {m_shape.slotCount * m_shape.width, m_d}, ParameterRole::linear, m_d)),
      m_inBias(added(builder, "in.bias", {m_shape.slotCount * m_shape.width}, ParameterRole::linearBias, m_d)),
      m_outWeight(added(builder, "out.weight", {m_shape.slotCount * m_d, m_shape.width}, ParameterRole::slotTable, m_shape.width)),
      m_outBias(added(builder, "out.bias", {m_shape.slotCount, m_d}, ParameterRole::slotTable, 1)) {
    // Drawn from +-1/K (init paper) the codes begin nearer to each other than what is read, so that no one of them is nearest to all.
    const int bookFanIn = m_shape.codes * m_shape.codes;
    if (m_shape.hasBook) m_book = added(builder, "book", {m_shape.codes, m_shape.width}, ParameterRole::slotTable, bookFanIn);
}

template <class T>
SlotView<T> Bottleneck::view(const Pass<T>& pass) const {
    return {m_shape.codes, m_shape.width, static_cast<T>(staysRelaxed(pass.training) ? m_shape.tauAt(pass.dropout.step) : 1),
            m_shape.hasBook ? pass.weights + m_book : nullptr};
}

template <class T>
Sequences Bottleneck::slotsOf(Pass<T>& pass, int sequences) const {
    int* lengths = pass.scratch.arena.template take<int>(sizeOf(sequences));
    std::fill_n(lengths, sequences, m_shape.slotCount);
    return {sequences, m_shape.slotCount, lengths};
}

template <class T>
void Bottleneck::readSlots(Pass<T>& pass, const Sequences& source, const T* encoded, Cache<T>& cache) const {
    const std::ptrdiff_t table = std::ptrdiff_t{m_shape.slotCount} * m_d;
    cache.queries = pass.takeRows(cache.sequences.rows(), m_d);
    for (int s = 0; s < source.count; ++s) std::copy_n(pass.weights + m_queries, table, cache.queries + s * table);
    T* read = pass.takeRows(cache.sequences.rows(), m_d);
    m_attention.forward(pass, cache.sequences, static_cast<const T*>(cache.queries), source, encoded, read, cache.reading);
    cache.read = read;
}

/// h [sequences * M, width]: what each slot's own map makes of what it has read.
template <class T>
T* Bottleneck::numbersOfSlots(Pass<T>& pass, const Cache<T>& cache) const {
    T* h = pass.takeRows(cache.sequences.rows(), m_shape.width);
    for (int row = 0; row < cache.sequences.rows(); ++row) {
        const int first = row % m_shape.slotCount * m_shape.width;
        const T* x = cache.read + std::ptrdiff_t{row} * m_d;
        for (int w = 0; w < m_shape.width; ++w)
            h[std::ptrdiff_t{row} * m_shape.width + w] = std::inner_product(
                x, x + m_d, pass.weights + m_inWeight + std::ptrdiff_t{first + w} * m_d, pass.weights[m_inBias + sizeOf(first + w)]);
    }
    return h;
}

/// -ln(-ln u) for each number, by the seed, the step, the sample and its place.
template <class T>
void Bottleneck::addNoise(const Pass<T>& pass, int sequences, T* h) const {
    const int numbers = m_shape.slotCount * m_shape.width;
    for (int s = 0; s < sequences; ++s) {
        const RandomStream noise(pass.dropout.seed, "bottleneck.noise." + std::to_string(pass.dropout.step) + "." +
                                                        std::to_string(pass.dropout.firstSample + s));
        for (int i = 0; i < numbers; ++i) {
            const double u = std::max(noise.uniform(static_cast<std::uint64_t>(i)), 1e-12);
            h[std::ptrdiff_t{s} * numbers + i] += static_cast<T>(-std::log(-std::log(u)));
        }
    }
}

/// Codes are shown as numbers; what is put in their place counts as the nearest code.
template <class T>
void Bottleneck::showCodes(Pass<T>& pass, int rows, int* codes) const {
    T* shown = pass.takeRows(rows, 1);
    std::copy_n(codes, rows, shown);
    pass.tap->tensor("bottleneck.codes", {rows}, shown);
    for (int row = 0; row < rows; ++row)
        codes[row] = static_cast<int>(std::fmin(std::fmax(std::round(shown[row]), T{0}), static_cast<T>(m_shape.codes - 1)));
}

/// y and of it the codes; whoever looks may change either, and what follows goes by that.
template <class T>
void Bottleneck::chooseCodes(Pass<T>& pass, const T* h, Cache<T>& cache) const {
    const SlotRule<T>& rule = m_config.kind->rule<T>();
    const SlotView<T> slot = view(pass);
    const int rows = cache.sequences.rows();
    const auto at = [this](int row) { return std::ptrdiff_t{row} * m_shape.width; };
    cache.relaxed = pass.takeRows(rows, m_shape.width);
    for (int row = 0; row < rows; ++row) rule.relax(slot, h + at(row), cache.relaxed + at(row));
    if (pass.tap) pass.tap->tensor("bottleneck.relaxed", {rows, m_shape.width}, cache.relaxed);
    cache.codes = pass.scratch.arena.template take<int>(sizeOf(rows));
    for (int row = 0; row < rows; ++row) cache.codes[row] = rule.codeOf(slot, cache.relaxed + at(row));
    if (pass.tap) showCodes(pass, rows, cache.codes);
}

/// The numbers of the codes, or y itself.
template <class T>
void Bottleneck::sendCodes(Pass<T>& pass, Cache<T>& cache) const {
    const int rows = cache.sequences.rows();
    T* sent = pass.takeRows(rows, m_shape.width);
    if (staysRelaxed(pass.training))
        std::copy_n(cache.relaxed, std::ptrdiff_t{rows} * m_shape.width, sent);
    else
        numbersOfCodes(pass, rows, cache.codes, sent);
    cache.sent = sent;
    if (pass.tap) pass.tap->tensor("bottleneck.sent", {rows, m_shape.width}, sent);
}

/// z [rows, width]
template <class T>
void Bottleneck::numbersOfCodes(const Pass<T>& pass, int rows, const int* codes, T* z) const {
    const SlotView<T> slot = view(pass);
    for (int row = 0; row < rows; ++row) m_config.kind->rule<T>().numbersOf(slot, codes[row], z + std::ptrdiff_t{row} * m_shape.width);
}

/// memory [sequences * M, d_model]: each slot's own map of what is sent, and its own place.
template <class T>
T* Bottleneck::spread(Pass<T>& pass, const Sequences& sequences, const T* z) const {
    T* memory = pass.takeRows(sequences.rows(), m_d);
    for (int row = 0; row < sequences.rows(); ++row) {
        const std::ptrdiff_t slot = row % m_shape.slotCount;
        const T* weight = pass.weights + m_outWeight + slot * m_d * m_shape.width;
        const T* bias = pass.weights + m_outBias + slot * m_d;
        const T* sent = z + std::ptrdiff_t{row} * m_shape.width;
        for (int c = 0; c < m_d; ++c)
            memory[std::ptrdiff_t{row} * m_d + c] =
                std::inner_product(sent, sent + m_shape.width, weight + std::ptrdiff_t{c} * m_shape.width, bias[c]);
    }
    return memory;
}

template <class T>
T* Bottleneck::memoryOf(Pass<T>& pass, int sequences, const int* codes) const {
    const Sequences all = slotsOf(pass, sequences);
    T* z = pass.takeRows(all.rows(), m_shape.width);
    numbersOfCodes(pass, all.rows(), codes, z);
    return spread(pass, all, static_cast<const T*>(z));
}

template <class T>
void Bottleneck::forward(Pass<T>& pass, const Sequences& source, const int* tokens, const T* encoded, Cache<T>& cache) const {
    cache.sequences = slotsOf(pass, source.count);
    cache.tokens = tokens;
    readSlots(pass, source, encoded, cache);
    T* h = numbersOfSlots(pass, cache);
    if (pass.tap) pass.tap->tensor("bottleneck.numbers", {cache.sequences.rows(), m_shape.width}, h);
    if (staysRelaxed(pass.training)) addNoise(pass, source.count, h);
    chooseCodes(pass, static_cast<const T*>(h), cache);
    sendCodes(pass, cache);
    cache.memory = spread(pass, cache.sequences, cache.sent);
    if (pass.tap) pass.tap->tensor("bottleneck.memory", {cache.sequences.rows(), m_d}, cache.memory);
}

/// Returns dz.
template <class T>
T* Bottleneck::spreadBackward(Pass<T>& pass, const Cache<T>& cache, const T* dmemory) const {
    const int width = m_shape.width;
    T* dz = pass.takeRows(cache.sequences.rows(), width);
    std::fill_n(dz, std::ptrdiff_t{cache.sequences.rows()} * width, T{0});
    for (int row = 0; row < cache.sequences.rows(); ++row) {
        const std::ptrdiff_t slot = row % m_shape.slotCount;
        const T* dm = dmemory + std::ptrdiff_t{row} * m_d;
        const T* sent = cache.sent + std::ptrdiff_t{row} * width;
        pass.kernels.add(m_d, dm, pass.gradientOf(m_outBias) + slot * m_d);
        for (int c = 0; c < m_d; ++c)
            for (int w = 0; w < width; ++w) {
                const std::ptrdiff_t at = (slot * m_d + c) * width + w;
                pass.gradientOf(m_outWeight)[at] += dm[c] * sent[w];
                dz[std::ptrdiff_t{row} * width + w] += dm[c] * pass.weights[m_outWeight + static_cast<std::size_t>(at)];
            }
    }
    return dz;
}

template <class T>
double Bottleneck::commitmentOf(Pass<T>& pass, const Cache<T>& cache, T weight, T* dy) const {
    if (!m_shape.hasBook) return 0;
    const int rows = cache.sequences.rows();
    double sum = 0;
    for (int row = 0; row < rows; ++row)
        for (int w = 0; w < m_shape.width; ++w) {
            const std::ptrdiff_t at = std::ptrdiff_t{row} * m_shape.width + w;
            const std::size_t entry = m_book + sizeOf(cache.codes[row] * m_shape.width + w);
            const T away = cache.relaxed[at] - pass.weights[entry];
            sum += static_cast<double>(away) * static_cast<double>(away);
            if (!dy) continue;
            const T slope = 2 * weight * away / static_cast<T>(rows);
            dy[at] += static_cast<T>(m_shape.commitment) * slope;
            *pass.gradientOf(entry) -= slope;
        }
    return (1 + m_shape.commitment) * sum / rows;
}

/// Of slot after slot: d(ln K - H)/dmean_k = ln mean_k + 1.
template <class T>
double Bottleneck::usageOf(Pass<T>& pass, const Cache<T>& cache, T weight, T* dy) const {
    const SlotRule<T>& rule = m_config.kind->rule<T>();
    const SlotView<T> slot = view(pass);
    const int sequences = cache.sequences.count, codes = m_shape.codes;
    T* shares = pass.takeRows(sequences, codes);
    std::vector<T> mean(sizeOf(codes)), slope(sizeOf(codes));
    double loss = 0;
    for (int m = 0; m < m_shape.slotCount; ++m) {
        std::fill(mean.begin(), mean.end(), T{0});
        const auto rowOf = [&](int s) { return (std::ptrdiff_t{s} * m_shape.slotCount + m) * m_shape.width; };
        for (int s = 0; s < sequences; ++s) {
            T* pi = shares + std::ptrdiff_t{s} * codes;
            rule.shares(slot, cache.relaxed + rowOf(s), pi);
            for (int k = 0; k < codes; ++k) mean[sizeOf(k)] += pi[k] / static_cast<T>(sequences);
        }
        double entropy = 0;
        for (int k = 0; k < codes; ++k) {
            const T share = std::max(mean[sizeOf(k)], static_cast<T>(1e-12));
            entropy -= static_cast<double>(mean[sizeOf(k)]) * std::log(static_cast<double>(share));
            slope[sizeOf(k)] = weight * (std::log(share) + 1) / static_cast<T>(sequences * m_shape.slotCount);
        }
        loss += (std::log(static_cast<double>(codes)) - entropy) / m_shape.slotCount;
        for (int s = 0; dy && s < sequences; ++s)
            rule.sharesBackward(slot, cache.relaxed + rowOf(s), shares + std::ptrdiff_t{s} * codes, slope.data(), dy + rowOf(s));
    }
    return loss;
}

template <class T>
double Bottleneck::injectivityOf(const Sequences& source, const Cache<T>& cache, T weight, T* dy) const {
    const std::ptrdiff_t numbers = std::ptrdiff_t{m_shape.slotCount} * m_shape.width;
    const double pairs = std::max(1.0, source.count * (source.count - 1) / 2.0);
    double loss = 0;
    for (int s = 0; s < source.count; ++s)
        for (int t = s + 1; t < source.count; ++t) {
            if (cache.tokens && sameSequence(source, cache.tokens, s, t)) continue;
            const T* a = cache.relaxed + s * numbers;
            const T* b = cache.relaxed + t * numbers;
            double squares = 0;
            for (std::ptrdiff_t i = 0; i < numbers; ++i) squares += static_cast<double>(a[i] - b[i]) * static_cast<double>(a[i] - b[i]);
            const double distance = std::sqrt(squares), lacking = m_shape.margin - distance;
            if (lacking <= 0) continue;
            loss += lacking * lacking / 2 / pairs;
            if (!dy || distance < 1e-9) continue;  // no direction leads apart
            const T slope = weight * static_cast<T>(lacking / distance / pairs);
            for (std::ptrdiff_t i = 0; i < numbers; ++i) {
                dy[s * numbers + i] -= slope * (a[i] - b[i]);
                dy[t * numbers + i] += slope * (a[i] - b[i]);
            }
        }
    return loss;
}

template <class T>
CodeLosses Bottleneck::losses(Pass<T>& pass, const Sequences& source, const Cache<T>& cache) const {
    T* none = nullptr;
    return {commitmentOf(pass, cache, T{0}, none), usageOf(pass, cache, T{0}, none), injectivityOf(source, cache, T{0}, none)};
}

/// dy null: no gradients.
template <class T>
double Bottleneck::weightedLoss(Pass<T>& pass, const Sequences& source, const Cache<T>& cache, T lossShare, T* dy) const {
    const auto weightOf = [lossShare](double weight) { return lossShare * static_cast<T>(weight); };
    double loss = commitmentOf(pass, cache, lossShare, dy);
    if (m_config.usage > 0) loss += m_config.usage * usageOf(pass, cache, weightOf(m_config.usage), dy);
    if (m_config.injectivity > 0) loss += m_config.injectivity * injectivityOf(source, cache, weightOf(m_config.injectivity), dy);
    return loss;
}

template <class T>
double Bottleneck::weightedLoss(Pass<T>& pass, const Sequences& source, const Cache<T>& cache) const {
    return weightedLoss(pass, source, cache, T{0}, static_cast<T*>(nullptr));
}

template <class T>
void Bottleneck::readBackward(Pass<T>& pass, const Sequences& source, const Cache<T>& cache, const T* dh, T* dencoded) const {
    T* dread = pass.takeRows(cache.sequences.rows(), m_d);
    std::fill_n(dread, std::ptrdiff_t{cache.sequences.rows()} * m_d, T{0});
    for (int row = 0; row < cache.sequences.rows(); ++row)
        for (int w = 0; w < m_shape.width; ++w) {
            const std::ptrdiff_t number = row % m_shape.slotCount * m_shape.width + w;
            const T d = dh[std::ptrdiff_t{row} * m_shape.width + w];
            const T* x = cache.read + std::ptrdiff_t{row} * m_d;
            const T* weight = pass.weights + m_inWeight + number * m_d;
            T* dweight = pass.adapters ? nullptr : pass.gradient + m_inWeight + number * m_d;
            if (pass.adapters) addAdapterGradient(pass, {m_inWeight, static_cast<int>(number), 1, m_d, 1, x, &d, 1});
            pass.gradientOf(m_inBias)[number] += d;
            for (int c = 0; c < m_d; ++c) {
                if (dweight) dweight[c] += d * x[c];
                dread[std::ptrdiff_t{row} * m_d + c] += d * weight[c];
            }
        }
    T* dqueries = pass.takeRows(cache.sequences.rows(), m_d);
    m_attention.backward(pass, cache.sequences, source, static_cast<const T*>(dread), cache.reading, dqueries, dencoded);
    const std::ptrdiff_t table = std::ptrdiff_t{m_shape.slotCount} * m_d;
    for (int s = 0; s < source.count; ++s) pass.kernels.add(table, dqueries + s * table, pass.gradientOf(m_queries));
}

template <class T>
void Bottleneck::backward(Pass<T>& pass, const Sequences& source, const Cache<T>& cache, const T* dmemory, T lossShare, T* dencoded) const {
    const int rows = cache.sequences.rows();
    if (pass.tap) pass.tap->gradient("bottleneck.memory", {rows, m_d}, const_cast<T*>(dmemory));
    T* dy = spreadBackward(pass, cache, dmemory);
    if (pass.tap) pass.tap->gradient("bottleneck.sent", {rows, m_shape.width}, dy);
    weightedLoss(pass, source, cache, lossShare, dy);
    if (pass.tap) pass.tap->gradient("bottleneck.relaxed", {rows, m_shape.width}, dy);
    T* dh = pass.takeRows(rows, m_shape.width);
    for (int row = 0; row < rows; ++row) {
        const std::ptrdiff_t at = std::ptrdiff_t{row} * m_shape.width;
        m_config.kind->rule<T>().relaxBackward(view(pass), cache.relaxed + at, dy + at, dh + at);
    }
    if (pass.tap) pass.tap->gradient("bottleneck.numbers", {rows, m_shape.width}, dh);
    readBackward(pass, source, cache, static_cast<const T*>(dh), dencoded);
}

#define INSTANTIATE(T)                                                                                      \
    template void Bottleneck::forward(Pass<T>&, const Sequences&, const int*, const T*, Cache<T>&) const;   \
    template void Bottleneck::backward(Pass<T>&, const Sequences&, const Cache<T>&, const T*, T, T*) const; \
    template CodeLosses Bottleneck::losses(Pass<T>&, const Sequences&, const Cache<T>&) const;              \
    template double Bottleneck::weightedLoss(Pass<T>&, const Sequences&, const Cache<T>&) const;            \
    template T* Bottleneck::memoryOf(Pass<T>&, int, const int*) const;                                      \
    template Sequences Bottleneck::slotsOf(Pass<T>&, int) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
