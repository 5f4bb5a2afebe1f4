#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/config/model_config.h"
#include "core/layers/bottleneck.h"
#include "core/tensor/weights.h"

// A bottleneck with sequences to squeeze, and the same once more, slow and written from its definition.

namespace lab::testing {

using Values = BasicWeights<double>;
using Numbers = std::vector<double>;

constexpr int twinWidth = 6;  // d_model
constexpr int twinLength = 5;
constexpr std::uint64_t noiseSeed = 11;
constexpr std::int64_t noiseStep = 40;
constexpr int noiseSample = 2;

inline std::size_t sizeFrom(std::ptrdiff_t i) {
    return static_cast<std::size_t>(i);
}

inline Values drawnValues(std::uint64_t stream, std::size_t n, double deviation) {
    Values values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = deviation * RandomStream(stream, "values").normal(i);
    return values;
}

inline ModelConfig squeezedConfig(const BottleneckConfig& bottleneck) {
    ModelConfig c;
    c.architecture = Architecture::encoder_decoder;
    c.d_model = twinWidth;
    c.num_layers = 1;
    c.num_decoder_layers = 1;
    c.num_heads = 2;
    c.num_kv_heads = 1;
    c.d_ff = 7;
    c.max_seq_len = twinLength;
    c.bottleneck = bottleneck;
    return c;
}

/// What a pass gives.
struct SlotOutcome {
    Values memory, relaxed, sent;
    std::vector<int> codes;
    CodeLosses losses;
    double weighted = 0;
};

/// A layer, sequences of different lengths and what is asked of them.
struct Squeezed {
    explicit Squeezed(const BottleneckConfig& bottleneck, std::vector<int> lengthsOfAll = {5, 3, 1, 5})
        : config(squeezedConfig(bottleneck)),
          layer(std::make_unique<Bottleneck>(LayerBuilder{layout, transposedLayout}, config)),
          shape(layer->shape()),
          lengths(std::move(lengthsOfAll)),
          weights(drawnValues(1, layout.flatSize(), 0.5)) {
        for (int i = 0; i < source().rows(); ++i)
            tokens.push_back(static_cast<int>(RandomStream(3, "tokens").below(static_cast<std::uint64_t>(i), 9)));
        encoded = drawnValues(2, tokens.size() * twinWidth, 1);
        direction = drawnValues(5, sizeFrom(std::ssize(lengths) * shape.slotCount * twinWidth), 1);
    }

    Sequences source() const { return {static_cast<int>(lengths.size()), twinLength, lengths.data()}; }
    const Parameter& parameter(const char* name) const { return *layout.find(std::string("bottleneck.") + name); }

    /// Runs `count` sequences from `first` on; with `gradient` backward too.
    SlotOutcome run(const Values& w, const Values& x, bool training, double* gradient = nullptr, double* dencoded = nullptr,
                    double lossShare = 1, int first = 0, int count = 0, Tap<double>* tap = nullptr) const {
        Values transposed(transposedLayout.size());
        transposedLayout.update(kernels<double>(), w.data(), transposed.data(), 0, w.size());
        Scratch scratch;
        Pass<double> pass{kernels<double>(), w.data(), transposed.data(), gradient, scratch};
        pass.dropout = {0, noiseSeed, noiseStep, noiseSample + first};
        pass.training = training;
        pass.tap = tap;
        const Sequences part{count > 0 ? count : static_cast<int>(lengths.size()), twinLength, lengths.data() + first};
        const std::ptrdiff_t firstRow = std::ptrdiff_t{first} * twinLength;
        Bottleneck::Cache<double> cache;
        layer->forward(pass, part, tokens.data() + firstRow, x.data() + firstRow * twinWidth, cache);
        const std::ptrdiff_t all = cache.sequences.rows(), numbers = all * shape.width;
        SlotOutcome outcome{Values(cache.memory, cache.memory + all * twinWidth),
                            Values(cache.relaxed, cache.relaxed + numbers),
                            Values(cache.sent, cache.sent + numbers),
                            std::vector<int>(cache.codes, cache.codes + all),
                            layer->losses(pass, part, cache),
                            layer->weightedLoss(pass, part, cache)};
        if (gradient)
            layer->backward(pass, part, cache, direction.data() + std::ptrdiff_t{first} * shape.slotCount * twinWidth, lossShare,
                            dencoded + firstRow * twinWidth);
        return outcome;
    }

    ModelConfig config;
    ParameterLayout layout;
    TransposedLayout transposedLayout;
    std::unique_ptr<Bottleneck> layer;
    BottleneckShape shape;
    std::vector<int> lengths, tokens;
    Values weights, encoded, direction;
};

/// The layer once more, one number after the other.
class SlotTwin {
public:
    SlotTwin(const Squeezed& of, bool training)
        : m_of(of), m_shape(of.shape), m_drawn(training && of.shape.draws), m_base(passOf(of.weights, of.encoded)) {}

    struct Slots {
        std::vector<Numbers> relaxed, sent;  ///< a row a slot of a sequence
        std::vector<int> codes;
        Numbers memory;
    };
    const Slots& base() const { return m_base; }

    /// What is differentiated: <memory, direction> and what the codes cost. Numbers behind a stop-gradient are those of the base.
    double value(const Values& w, const Values& x, double lossShare) const {
        Slots moved = passOf(w, x);
        for (std::size_t row = 0; row < moved.sent.size(); ++row)
            for (std::size_t i = 0; i < moved.sent[row].size(); ++i)
                moved.sent[row][i] = moved.relaxed[row][i] + (m_base.sent[row][i] - m_base.relaxed[row][i]);
        moved.memory = memoryOf(w, moved.sent);
        const double asked = std::inner_product(moved.memory.begin(), moved.memory.end(), m_of.direction.begin(), 0.0);
        return asked + lossShare * (commitment(w, moved) + m_of.config.bottleneck.usage * usage(moved) +
                                    m_of.config.bottleneck.injectivity * injectivity(moved));
    }

    /// beta |y - sg e|^2 + |sg y - e|^2 of the codes of the base.
    double commitment(const Values& w, const Slots& moved) const {
        if (!m_shape.hasBook) return 0;
        double sum = 0;
        for (std::size_t row = 0; row < moved.relaxed.size(); ++row)
            for (int i = 0; i < m_shape.width; ++i) {
                const std::ptrdiff_t entry = std::ptrdiff_t{m_base.codes[row]} * m_shape.width + i;
                const double still = at("book", m_of.weights, entry), follows = at("book", w, entry);
                sum += m_shape.commitment * std::pow(moved.relaxed[row][sizeFrom(i)] - still, 2) +
                       std::pow(m_base.relaxed[row][sizeFrom(i)] - follows, 2);
            }
        return sum / static_cast<double>(moved.relaxed.size());
    }

    double usage(const Slots& moved) const {
        double loss = 0;
        for (int m = 0; m < m_shape.slotCount; ++m) {
            Numbers mean(sizeFrom(m_shape.codes));
            const auto sequences = std::ssize(m_of.lengths);
            for (std::ptrdiff_t s = 0; s < sequences; ++s) {
                const Numbers pi = sharesOf(moved.relaxed[sizeFrom(s * m_shape.slotCount + m)]);
                for (std::size_t k = 0; k < pi.size(); ++k) mean[k] += pi[k] / static_cast<double>(sequences);
            }
            loss += std::log(static_cast<double>(m_shape.codes));
            for (const double share : mean) loss += share > 0 ? share * std::log(share) : 0;
        }
        return loss / m_shape.slotCount;
    }

    double injectivity(const Slots& moved) const {
        const int n = static_cast<int>(m_of.lengths.size());
        double loss = 0;
        for (int s = 0; s < n; ++s)
            for (int t = 0; t < s; ++t) {
                const auto tokensOf = [&](int which) {
                    const auto from = m_of.tokens.begin() + std::ptrdiff_t{which} * twinLength;
                    return std::vector<int>(from, from + m_of.lengths[sizeFrom(which)]);
                };
                if (tokensOf(s) == tokensOf(t)) continue;
                double squares = 0;
                for (int m = 0; m < m_shape.slotCount; ++m)
                    for (int i = 0; i < m_shape.width; ++i)
                        squares += std::pow(moved.relaxed[sizeFrom(s * m_shape.slotCount + m)][sizeFrom(i)] -
                                                moved.relaxed[sizeFrom(t * m_shape.slotCount + m)][sizeFrom(i)],
                                            2);
                loss += std::pow(std::max(0.0, m_shape.margin - std::sqrt(squares)), 2) / 2;
            }
        return loss / (n * (n - 1) / 2.0);
    }

private:
    double at(const char* name, const Values& w, std::ptrdiff_t i) const { return w[m_of.parameter(name).offset + sizeFrom(i)]; }

    /// Row `row` of the map `name` [out, inputs] of x.
    double mapped(const char* name, const Values& w, std::ptrdiff_t row, const Numbers& x) const {
        const std::string weight = std::string(name) + ".weight", bias = std::string(name) + ".bias";
        double sum = at(bias.c_str(), w, row);
        for (std::size_t i = 0; i < x.size(); ++i)
            sum += at(weight.c_str(), w, row * std::ssize(x) + static_cast<std::ptrdiff_t>(i)) * x[i];
        return sum;
    }
    Numbers allMapped(const char* name, const Values& w, int count, const Numbers& x) const {
        Numbers y;
        for (int row = 0; row < count; ++row) y.push_back(mapped(name, w, row, x));
        return y;
    }

    /// What slot m reads of sequence s: two heads, which share one head of keys and values.
    Numbers read(const Values& w, const Values& x, int s, int m) const {
        constexpr int headDim = twinWidth / 2;
        Numbers query;
        for (int c = 0; c < twinWidth; ++c) query.push_back(at("queries", w, std::ptrdiff_t{m} * twinWidth + c));
        const Numbers q = allMapped("attention.query", w, twinWidth, query);
        std::vector<Numbers> keys, values;
        for (int j = 0; j < m_of.lengths[sizeFrom(s)]; ++j) {
            const auto from = x.begin() + (std::ptrdiff_t{s} * twinLength + j) * twinWidth;
            keys.push_back(allMapped("attention.key", w, headDim, {from, from + twinWidth}));
            values.push_back(allMapped("attention.value", w, headDim, {from, from + twinWidth}));
        }
        Numbers mixed;
        for (int head = 0; head < 2; ++head) {
            Numbers weights;
            double sum = 0;
            for (const Numbers& key : keys) {
                const double score = std::inner_product(key.begin(), key.end(), q.begin() + head * headDim, 0.0);
                sum += weights.emplace_back(std::exp(score / std::sqrt(static_cast<double>(headDim))));
            }
            for (int c = 0; c < headDim; ++c) {
                double out = 0;
                for (std::size_t j = 0; j < keys.size(); ++j) out += weights[j] / sum * values[j][sizeFrom(c)];
                mixed.push_back(out);
            }
        }
        return allMapped("attention.output", w, twinWidth, mixed);
    }

    /// ln sum exp is not needed: the numbers are small.
    static Numbers softmax(Numbers x) {
        double sum = 0;
        for (double& each : x) sum += each = std::exp(each);
        for (double& each : x) each /= sum;
        return x;
    }

    Numbers relaxed(Numbers h, int s, int m) const {
        const std::string_view kind = m_of.config.bottleneck.kind.name();
        if (kind == "vq") return h;
        if (kind == "bits") return {std::tanh(h[0])};
        if (kind == "fsq") {
            const double levels = m_shape.codes, half = (levels - 1) * 1.001 / 2, off = m_shape.codes % 2 == 0 ? 0.5 : 0;
            return {(half * std::tanh(h[0] + std::atanh(off / half)) - off) / std::floor(levels / 2)};
        }
        const RandomStream noise(noiseSeed, "bottleneck.noise." + std::to_string(noiseStep) + "." + std::to_string(noiseSample + s));
        const double tau =
            m_drawn ? std::max(m_shape.tauEnd, m_shape.tau * std::exp(-m_shape.tauRate * static_cast<double>(noiseStep))) : 1;
        for (std::size_t k = 0; k < h.size(); ++k) {
            const double u = noise.uniform(sizeFrom(m) * h.size() + k);
            h[k] = (h[k] + (m_drawn ? -std::log(-std::log(u)) : 0)) / tau;
        }
        return softmax(h);
    }

    Numbers distances(const Numbers& y) const {
        Numbers found;
        for (int k = 0; k < m_shape.codes; ++k) {
            double squares = 0;
            for (int i = 0; i < m_shape.width; ++i)
                squares += std::pow(y[sizeFrom(i)] - at("book", m_of.weights, std::ptrdiff_t{k} * m_shape.width + i), 2);
            found.push_back(-squares);
        }
        return found;
    }

    /// The book is that of the base.
    Numbers sharesOf(const Numbers& y) const {
        const std::string_view kind = m_of.config.bottleneck.kind.name();
        if (kind == "vq") return softmax(distances(y));
        if (kind == "bits") return {(1 - y[0]) / 2, (1 + y[0]) / 2};
        if (kind != "fsq") return y;
        Numbers pi;
        const double place = std::clamp((y[0] + 1) * (m_shape.codes / 2), 0.0, m_shape.codes - 1.0);
        for (int k = 0; k < m_shape.codes; ++k) pi.push_back(std::max(0.0, 1 - std::abs(place - k)));
        return pi;
    }

    int codeOf(const Numbers& y) const {
        const std::string_view kind = m_of.config.bottleneck.kind.name();
        if (kind == "bits") return y[0] > 0 ? 1 : 0;
        if (kind == "fsq") return static_cast<int>(std::round(y[0] * (m_shape.codes / 2))) + m_shape.codes / 2;
        const Numbers likeness = kind == "vq" ? distances(y) : y;
        return static_cast<int>(std::max_element(likeness.begin(), likeness.end()) - likeness.begin());
    }

    Numbers numbersOf(int code) const {
        const std::string_view kind = m_of.config.bottleneck.kind.name();
        if (kind == "bits") return {code == 1 ? 1.0 : -1.0};
        if (kind == "fsq") return {(code - m_shape.codes / 2) / static_cast<double>(m_shape.codes / 2)};
        Numbers z;
        for (int i = 0; i < m_shape.width; ++i)
            z.push_back(kind == "vq" ? at("book", m_of.weights, std::ptrdiff_t{code} * m_shape.width + i) : (i == code ? 1.0 : 0.0));
        return z;
    }

    Numbers memoryOf(const Values& w, const std::vector<Numbers>& sent) const {
        Numbers memory;
        for (std::size_t row = 0; row < sent.size(); ++row)
            for (int c = 0; c < twinWidth; ++c)
                memory.push_back(mapped("out", w, static_cast<std::ptrdiff_t>(row) % m_shape.slotCount * twinWidth + c, sent[row]));
        return memory;
    }

    Slots passOf(const Values& w, const Values& x) const {
        Slots all;
        for (int s = 0; s < static_cast<int>(m_of.lengths.size()); ++s)
            for (int m = 0; m < m_shape.slotCount; ++m) {
                const Numbers seen = read(w, x, s, m);
                Numbers h;
                for (int i = 0; i < m_shape.width; ++i) h.push_back(mapped("in", w, std::ptrdiff_t{m} * m_shape.width + i, seen));
                all.relaxed.push_back(relaxed(h, s, m));
                all.codes.push_back(codeOf(all.relaxed.back()));
                all.sent.push_back(m_drawn ? all.relaxed.back() : numbersOf(all.codes.back()));
            }
        all.memory = memoryOf(w, all.sent);
        return all;
    }

    const Squeezed& m_of;
    BottleneckShape m_shape;
    bool m_drawn;
    Slots m_base;
};

}  // namespace lab::testing
