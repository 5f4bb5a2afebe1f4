#include "core/training/longrope_search.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/layers/position/rope.h"
#include "core/training/length_evaluation.h"

namespace lab {
namespace {

constexpr double grid = 0.01;
constexpr double widest = 1.25;  // of the factor
constexpr int tokensAnEvaluation = 4096;
constexpr int fewestSequences = 8;
constexpr int mostSequences = 32;

using Factors = std::vector<double>;

double onGrid(double value) {
    return std::round(value / grid) * grid;
}

/// Numbers drawn one after the other.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_stream(seed, "longrope") {}
    double uniform() { return m_stream.uniform(m_drawn++); }
    std::size_t below(std::size_t n) { return m_stream.below(m_drawn++, static_cast<std::uint32_t>(n)); }

private:
    RandomStream m_stream;
    std::uint64_t m_drawn = 0;
};

/// The start as the search space has it: on the grid, within its limits, never falling.
Factors admitted(Factors factors, double factor) {
    double least = 1.0;
    for (double& value : factors) least = value = std::clamp(onGrid(value), least, std::max(least, onGrid(widest * factor)));
    return factors;
}

/// Some factors drawn anew between their neighbours.
Factors mutated(Factors factors, double factor, double rate, Dice& dice) {
    const double top = onGrid(widest * factor);
    bool changed = false;
    while (!changed) {
        for (std::size_t p = 0; p < factors.size(); ++p) {
            if (dice.uniform() >= rate) continue;
            const double low = p == 0 ? 1.0 : factors[p - 1], high = p + 1 < factors.size() ? factors[p + 1] : top;
            factors[p] = onGrid(low + dice.uniform() * (high - low));
            changed = true;
        }
    }
    return factors;
}

/// Each factor of one or the other; raised where it would fall.
Factors crossed(const Factors& a, const Factors& b, Dice& dice) {
    Factors child(a.size());
    double least = 1.0;
    for (std::size_t p = 0; p < child.size(); ++p) least = child[p] = std::max(least, dice.below(2) == 0 ? a[p] : b[p]);
    return child;
}

class Search {
public:
    Search(double factor, const LongRopeBudget& budget, const LongRopeLoss& loss, const LongRopeProgress& told)
        : m_factor(factor), m_budget(budget), m_loss(loss), m_told(told), m_dice(budget.seed) {}

    std::optional<LongRopeCandidate> run(const std::vector<Factors>& starts) {
        std::vector<Factors> first;
        for (const Factors& start : starts) first.push_back(admitted(start, m_factor));
        while (static_cast<int>(first.size()) < m_budget.population)
            first.push_back(mutated(first[first.size() % starts.size()], m_factor, m_budget.mutationRate, m_dice));
        if (!judge(first)) return std::nullopt;
        for (int round = 0; round < m_budget.rounds; ++round)
            if (!judge(offspring())) return std::nullopt;
        return m_ranking.front();
    }

private:
    std::vector<Factors> offspring() {
        const std::size_t parents = std::min(m_ranking.size(), static_cast<std::size_t>(m_budget.parents));
        const auto parent = [&]() -> const Factors& { return m_ranking[m_dice.below(parents)].factors; };
        std::vector<Factors> children;
        for (int i = 0; i < m_budget.mutations; ++i) children.push_back(mutated(parent(), m_factor, m_budget.mutationRate, m_dice));
        for (int i = 0; i < m_budget.crossovers; ++i) {
            const Factors& mother = parent();
            children.push_back(crossed(mother, parent(), m_dice));
        }
        return children;
    }

    bool judge(const std::vector<Factors>& candidates) {
        for (const Factors& factors : candidates) {
            const std::optional<double> loss = m_loss(factors);
            if (!loss) return false;
            // A loss that is no number ranks last.
            const LongRopeCandidate judged{factors, std::isnan(*loss) ? std::numeric_limits<double>::infinity() : *loss};
            const auto place =
                std::upper_bound(m_ranking.begin(), m_ranking.end(), judged, [](const auto& a, const auto& b) { return a.loss < b.loss; });
            m_ranking.insert(place, judged);
            if (m_told) m_told(++m_evaluations, m_ranking.front());
        }
        return true;
    }

    double m_factor;
    LongRopeBudget m_budget;
    const LongRopeLoss& m_loss;
    const LongRopeProgress& m_told;
    Dice m_dice;
    int m_evaluations = 0;
    std::vector<LongRopeCandidate> m_ranking;  // best first
};

}  // namespace

std::optional<LongRopeCandidate> searchLongRope(const std::vector<std::vector<double>>& starts, double factor, const LongRopeBudget& budget,
                                                const LongRopeLoss& loss, const LongRopeProgress& told) {
    assert(!starts.empty() && !starts.front().empty() && factor >= 1 && budget.mutationRate > 0);
    return Search(factor, budget, loss, told).run(starts);
}

std::vector<std::vector<double>> longRopeStarts(const RopeConfig& rope, int headDim, int originalLength, double factor) {
    const std::vector<double> theta = plainFrequencies(rope.base, headDim);
    std::vector<Factors> starts;
    for (const RopeScalingSpec* scaling : RopeScalingSpec::table()) {
        if (!scaling->startsSearch || !canStretch(*scaling, rope, headDim)) continue;
        const RopeConfig scaled = ropeStretchedBy(*scaling, rope, headDim, originalLength, factor);
        starts.push_back(ropeFrequencies(scaled, headDim, originalLength).theta);
        for (std::size_t p = 0; p < theta.size(); ++p) starts.back()[p] = theta[p] / starts.back()[p];
    }
    return starts;
}

RopeConfig longRopeWith(const RopeConfig& rope, std::vector<double> factors, int originalLength, double factor) {
    RopeConfig result = rope;
    result.scaling = {};
    result.scaling.kind = "longrope";
    result.scaling.original_max_seq_len = originalLength;
    result.scaling.max_seq_len = static_cast<int>(std::ceil(originalLength * factor));
    result.scaling.short_factors.assign(factors.size(), 1.0);
    result.scaling.long_factors = std::move(factors);
    return result;
}

LongRopeLoss longRopeLoss(const Experiment& experiment, const Weights& weights, int originalLength, double factor,
                          std::function<bool()> cancelled) {
    Experiment others = experiment;
    others.task.seed ^= 1;
    const int seqLen = static_cast<int>(std::lround(experiment.task.seq_len * factor));
    const int sequences = std::clamp(static_cast<int>(tokensAnEvaluation / (originalLength * factor)), fewestSequences, mostSequences);
    return [=, &weights, cancelled = std::move(cancelled)](const Factors& factors) -> std::optional<double> {
        const RopeConfig rope = longRopeWith(others.model.position.rope, factors, originalLength, factor);
        const auto result = evaluateWeights(atSequenceLength(others, seqLen, rope), weights, sequences, cancelled);
        return result ? std::optional(result->loss) : std::nullopt;
    };
}

}  // namespace lab
