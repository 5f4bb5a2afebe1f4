#include "core/memory/modern.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/as_size.h"
#include "core/base/random.h"

namespace lab {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double heavyShare = 0.9;  ///< of the weight: the patterns that a fixed point is said to be of
constexpr double evenShare = 0.9;   ///< of all patterns really mixed: a mean of all
constexpr int mostNamed = 6;        ///< patterns in a sentence

double dot(const double* a, const double* b, int n) {
    return std::inner_product(a, a + n, b, 0.0);
}

/// ln of the sum of the exponentials.
double logSum(const std::vector<double>& scores) {
    const double largest = scores.empty() ? -infinity : *std::ranges::max_element(scores);
    if (std::isinf(largest)) return -infinity;
    double sum = 0;
    for (const double score : scores) sum += std::exp(score - largest);
    return largest + std::log(sum);
}

}  // namespace

StoredVectors randomVectors(std::uint64_t seed, int count, int dimension) {
    StoredVectors vectors{count, dimension, {}};
    const RandomStream random(seed, "modern_patterns");
    const std::size_t size = asSize(count) * asSize(dimension);
    vectors.values.reserve(size);
    for (std::size_t i = 0; i < size; ++i) vectors.values.push_back(random.normal(i));
    return vectors;
}

std::vector<double> softmaxOf(const std::vector<double>& scores) {
    const double sum = logSum(scores);
    std::vector<double> weights(scores.size());
    if (std::isinf(sum)) return weights;
    std::ranges::transform(scores, weights.begin(), [sum](double score) { return std::exp(score - sum); });
    return weights;
}

double effectiveCount(const std::vector<double>& weights) {
    double entropy = 0, sum = 0;
    for (const double w : weights) {
        sum += w;
        if (w > 0) entropy -= w * std::log(w);
    }
    return sum > 0 ? std::exp(entropy) : 0;
}

double distanceOf(const std::vector<double>& a, const std::vector<double>& b) {
    assert(a.size() == b.size());
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(squares);
}

ModernNet::ModernNet(StoredVectors patterns, double beta, std::vector<double> bias)
    : m_patterns(std::move(patterns)), m_beta(beta), m_bias(std::move(bias)) {
    assert(m_patterns.values.size() == asSize(m_patterns.count) * asSize(m_patterns.dimension));
    assert(m_bias.empty() || m_bias.size() == asSize(count()));
    for (int i = 0; i < count(); ++i)
        if (m_bias.empty() || !std::isinf(m_bias[asSize(i)]))
            m_radius = std::max(m_radius, std::sqrt(dot(m_patterns.row(i), m_patterns.row(i), dimension())));
}

std::vector<double> ModernNet::dots(const std::vector<double>& state) const {
    assert(state.size() == asSize(dimension()));
    std::vector<double> products;
    products.reserve(asSize(count()));
    for (int i = 0; i < count(); ++i) products.push_back(dot(m_patterns.row(i), state.data(), dimension()));
    return products;
}

std::vector<double> ModernNet::scores(const std::vector<double>& state) const {
    return scoresOfDots(dots(state), m_beta);
}

std::vector<double> ModernNet::scoresOfDots(std::vector<double> dots, double beta) const {
    assert(dots.size() == asSize(count()));
    for (std::size_t i = 0; i < dots.size(); ++i) dots[i] = beta * dots[i] + (m_bias.empty() ? 0.0 : m_bias[i]);
    return dots;
}

std::vector<double> ModernNet::weights(const std::vector<double>& state) const {
    return softmaxOf(scores(state));
}

std::vector<double> ModernNet::weightsOfDots(const std::vector<double>& dots, double beta) const {
    return softmaxOf(scoresOfDots(dots, beta));
}

std::vector<double> ModernNet::mixture(const std::vector<double>& weights) const {
    assert(weights.size() == asSize(count()));
    std::vector<double> sum(asSize(dimension()));
    for (int i = 0; i < count(); ++i)
        for (int c = 0; c < dimension(); ++c) sum[asSize(c)] += weights[asSize(i)] * m_patterns.row(i)[c];
    return sum;
}

std::vector<double> ModernNet::update(const std::vector<double>& state) const {
    return mixture(weights(state));
}

double ModernNet::energy(const std::vector<double>& state) const {
    const double sum = logSum(scores(state));
    if (m_beta == 0 || std::isinf(sum)) return std::numeric_limits<double>::quiet_NaN();
    const auto stored =
        static_cast<double>(m_bias.empty() ? count() : std::ranges::count_if(m_bias, [](double b) { return !std::isinf(b); }));
    return -sum / m_beta + 0.5 * dot(state.data(), state.data(), dimension()) + std::log(stored) / m_beta + 0.5 * m_radius * m_radius;
}

Settling ModernNet::settle(const std::vector<double>& query, double tolerance, int most, const std::function<bool()>& stopped) const {
    Settling way{{query}, {energy(query)}, 0, false};
    for (int i = 0; i < most && !(stopped && stopped()); ++i) {
        std::vector<double> next = update(way.states.back());
        const double moved = distanceOf(next, way.states.back());
        if (moved <= tolerance * m_radius) {
            way.settled = true;
            break;
        }
        way.energies.push_back(energy(next));
        way.states.push_back(std::move(next));
        ++way.updates;
    }
    return way;
}

FixedPointName ModernNet::nameOf(const std::vector<double>& fixedPoint) const {
    const std::vector<double> w = weights(fixedPoint);
    std::vector<int> order(w.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, [&w](int a, int b) { return w[asSize(a)] > w[asSize(b)]; });
    FixedPointName name;
    name.effective = effectiveCount(w);
    double held = 0, least = 0;
    for (const int i : order) {
        if (held >= heavyShare && w[asSize(i)] < 0.5 * least) break;
        if (held < heavyShare) least = w[asSize(i)];
        held += w[asSize(i)];
        name.patterns.push_back(i);
    }
    std::ranges::sort(name.patterns);
    const auto stored = std::ranges::count_if(w, [](double share) { return share > 0; });
    if (name.patterns.size() == 1)
        name.regime = Regime::one;
    else
        name.regime = name.effective >= evenShare * static_cast<double>(stored) ? Regime::mean : Regime::metastable;
    return name;
}

double ModernNet::separation(int pattern) const {
    const double* x = m_patterns.row(pattern);
    double nearest = -infinity;
    for (int j = 0; j < count(); ++j)
        if (j != pattern && (m_bias.empty() || !std::isinf(m_bias[asSize(j)])))
            nearest = std::max(nearest, dot(x, m_patterns.row(j), dimension()));
    return dot(x, x, dimension()) - nearest;
}

RetrievalError ModernNet::errorAfterOne(const std::vector<double>& query, int pattern) const {
    const std::vector<double> x(m_patterns.row(pattern), m_patterns.row(pattern) + dimension());
    RetrievalError result;
    result.error = distanceOf(update(query), x);
    result.separation = separation(pattern);
    result.distance = distanceOf(query, x);
    result.radius = m_radius;
    result.bound =
        count() < 2 ? 0.0 : 2.0 * (count() - 1) * std::exp(-m_beta * (result.separation - 2.0 * result.distance * m_radius)) * m_radius;
    return result;
}

int ModernNet::nearest(const std::vector<double>& state) const {
    int best = -1;
    double least = infinity;
    for (int i = 0; i < count(); ++i) {
        double squares = 0;
        for (int c = 0; c < dimension(); ++c)
            squares += (state[asSize(c)] - m_patterns.row(i)[c]) * (state[asSize(c)] - m_patterns.row(i)[c]);
        if (squares < least) {
            least = squares;
            best = i;
        }
    }
    return best;
}

std::vector<double> logScale(double from, double to, int points) {
    std::vector<double> values;
    for (int i = 0; i < points; ++i) values.push_back(from * std::pow(to / from, static_cast<double>(i) / std::max(points - 1, 1)));
    return values;
}

std::vector<double> withOwn(std::vector<double> betas, double own) {
    const auto place = std::ranges::lower_bound(betas, own);
    if (place == betas.end() || *place != own) betas.insert(place, own);
    return betas;
}

BetaCurve betaCurve(const ModernNet& net, const std::vector<double>& query, const std::vector<double>& betas,
                    const std::function<bool()>& stopped) {
    BetaCurve curve{{}, std::vector<std::vector<double>>(asSize(net.count())), {}};
    const std::vector<double> dots = net.dots(query);
    for (const double beta : betas) {
        if (stopped && stopped()) break;
        const std::vector<double> w = net.weightsOfDots(dots, beta);
        curve.betas.push_back(beta);
        for (std::size_t i = 0; i < w.size(); ++i) curve.weights[i].push_back(w[i]);
        curve.effective.push_back(effectiveCount(w));
    }
    return curve;
}

Message endingText(const Settling& settling) {
    const SourceText text =
        settling.settled ? LAB_PLURAL("memory", "settled after %n update(s)") : LAB_PLURAL("memory", "not settled after %n update(s)");
    return Message(text).count(settling.updates);
}

Message regimeWord(Regime regime) {
    switch (regime) {
        case Regime::mean:
            return LAB_TEXT("memory", "mean of all");
        case Regime::metastable:
            return LAB_TEXT("memory", "metastable");
        case Regime::one:
            return LAB_TEXT("memory", "one pattern");
    }
    return {};
}

Message regimeText(const FixedPointName& name, const std::vector<std::string>& patterns, int count) {
    if (name.regime == Regime::mean) return Message(LAB_TEXT("memory", "the mean of all %1 patterns")).arg(count);
    std::vector<std::string> names;
    for (const int i : name.patterns) {
        if (names.size() == mostNamed) {
            names.emplace_back("…");
            break;
        }
        names.push_back(asSize(i) < patterns.size() ? patterns[asSize(i)] : std::to_string(i));
    }
    if (name.regime == Regime::one) return Message(LAB_TEXT("memory", "one pattern: %1")).arg(names.front());
    return Message(LAB_TEXT("memory", "metastable, a mean of %1 of %2 patterns: %3"))
        .arg(static_cast<int>(name.patterns.size()))
        .arg(count)
        .arg(listed(names));
}

}  // namespace lab
