#include "core/memory/modern_look.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/as_size.h"
#include "core/base/random.h"
#include "core/memory/pattern_vectors.h"

namespace lab {
namespace {

constexpr int curvePoints = 121;
constexpr int mostUpdates = 300;

int wrongSigns(const std::vector<double>& state, const std::vector<int>& signs) {
    int wrong = 0;
    for (std::size_t i = 0; i < signs.size(); ++i) wrong += (state[i] > 0 ? 1 : -1) != signs[i];
    return wrong;
}

std::vector<double> withNoise(std::vector<double> vector, double share, std::uint64_t seed) {
    const RandomStream random(seed, "modern_noise");
    double length = 0, ofNoise = 0;
    std::vector<double> noise;
    for (std::size_t c = 0; c < vector.size(); ++c) {
        noise.push_back(random.normal(c));
        length += vector[c] * vector[c];
        ofNoise += noise[c] * noise[c];
    }
    for (std::size_t c = 0; c < vector.size(); ++c) vector[c] += ofNoise > 0 ? share * std::sqrt(length / ofNoise) * noise[c] : 0;
    return vector;
}

void assertWhole([[maybe_unused]] const ModernQuestion& question) {
    assert(question.patterns.count > 0);
    assert(std::ssize(question.names) == question.patterns.count && std::ssize(question.noisy) == question.patterns.count);
    assert(std::ssize(question.query) == question.patterns.dimension);
    assert(question.signs.empty() || question.signs.size() == question.query.size());
    assert(question.target >= -1 && question.target < question.patterns.count);
}

}  // namespace

ModernQuestion questionOf(const std::vector<Pattern>& patterns, int target, const Pattern& query, double noise, std::uint64_t seed,
                          double beta) {
    if (target < 0 || target >= std::ssize(patterns)) target = -1;
    ModernQuestion question{vectorsOf(patterns), {}, {}, vectorOf(query), target, {}, beta};
    for (const Pattern& pattern : patterns) {
        question.names.push_back(pattern.name);
        question.noisy.push_back(vectorOf(withNoise(pattern, noise, seed)));
    }
    if (target >= 0) question.signs.assign(patterns[asSize(target)].states.begin(), patterns[asSize(target)].states.end());
    return question;
}

ModernQuestion questionOf(const RandomMemory& memory, int target, double noise, double beta) {
    assert(memory.count > 0);
    target = std::clamp(target, 0, memory.count - 1);
    ModernQuestion question{randomVectors(memory.seed, memory.count, memory.dimension), {}, {}, {}, target, {}, beta};
    for (int i = 0; i < memory.count; ++i) {
        question.names.push_back(std::to_string(i));
        const double* row = question.patterns.row(i);
        question.noisy.push_back(withNoise(std::vector<double>(row, row + memory.dimension), noise, memory.seed * 1000 + asSize(i)));
    }
    question.query = question.noisy[asSize(target)];
    return question;
}

ModernLook lookAt(ModernQuestion question, const std::function<bool()>& stopped) {
    assertWhole(question);
    const auto goesOn = [&stopped] { return !stopped || !stopped(); };
    ModernLook look;
    const ModernNet net(question.patterns, question.beta);
    look.dots = net.dots(question.query);
    look.weights = net.weights(question.query);
    look.mixture = net.mixture(look.weights);
    look.way = net.settle(question.query, settledWithin, mostUpdates, stopped);
    look.end = net.nameOf(look.way.end());
    for (std::size_t i = 1; i < look.way.energies.size(); ++i)
        look.energyRose |= look.way.energies[i] > look.way.energies[i - 1] + 1e-9 * (1 + std::abs(look.way.energies[i - 1]));
    look.byWeight.resize(look.weights.size());
    std::iota(look.byWeight.begin(), look.byWeight.end(), 0);
    std::ranges::stable_sort(look.byWeight, [&look](int a, int b) { return look.weights[asSize(a)] > look.weights[asSize(b)]; });
    for (const int update : std::set<int>{0, std::min(1, look.way.updates), look.way.updates}) {
        const std::vector<double>& state = look.way.states[asSize(update)];
        look.moments.push_back({update, look.way.energies[asSize(update)], wrongSigns(state, question.signs), net.nearest(state)});
    }
    for (int i = 0; i < net.count() && goesOn(); ++i) look.errors.push_back(net.errorAfterOne(question.noisy[asSize(i)], i));
    look.curve = betaCurve(net, question.query, withOwn(logScale(leastBeta, largestBeta, curvePoints), question.beta), stopped);
    for (const double share : {1.0 / 16, 1.0 / 4, 1.0}) {
        if (!goesOn()) break;
        const double beta = share * question.beta;
        const std::vector<double> weights = net.weightsOfDots(look.dots, beta);
        ModernLook::Sample sample{beta, net.mixture(weights), weights.empty() ? 0 : *std::ranges::max_element(weights), 0};
        sample.wrong = wrongSigns(sample.mixture, question.signs);
        look.samples.push_back(std::move(sample));
    }
    look.asked = std::move(question);
    return look;
}

}  // namespace lab
