#include "core/analysis/prune.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/model/network.h"

namespace lab {
namespace {

/// A head's part of its block's matrices.
class HeadParts {
public:
    HeadParts(const Model& model, const AttentionBlock& block) : m_layout(model.layout()), m_block(block) {
        m_output = m_layout.find(block.name + ".output.weight");
        assert(m_output);
        m_headDim = m_output->shape[1] / block.heads;
        m_keysReadElsewhere = std::ranges::any_of(
            model.attentionBlocks(), [&](const AttentionBlock& other) { return other.name != block.name && other.keyOwner == block.name; });
        m_together = m_layout.find(block.name + ".lambda_query_1") ? 2 : 1;
    }

    double outputNorm(const Weights& weights, int head) const {
        double squares = 0;
        eachOfOutput(head, [&](std::size_t i) { squares += double{weights[i]} * weights[i]; });
        return std::sqrt(squares);
    }
    double valueNorm(const Weights& weights, int head) const {
        const char* names[] = {".value.weight", ".key.weight"};
        const Parameter* value = m_layout.find(m_block.keyOwner + names[0]);
        if (!value) value = m_layout.find(m_block.keyOwner + names[1]);
        double squares = 0;
        eachOfRows(*value, group(head), [&](std::size_t i) { squares += double{weights[i]} * weights[i]; });
        return std::sqrt(squares);
    }

    /// `gone`: by head, those of this block that are taken.
    void clear(Weights& weights, const std::vector<bool>& gone) const {
        const auto zero = [&](std::size_t i) { weights[i] = 0.0f; };
        for (int head = 0; head < m_block.heads; ++head) {
            if (!gone[static_cast<std::size_t>(head)]) continue;
            eachOfOutput(head, zero);
            if (!allGone(gone, head / m_together * m_together, m_together)) continue;
            clearRows({".query.weight", ".query.bias"}, head, zero);
            if (m_keysReadElsewhere) continue;
            const int first = group(head) * headsOfGroup();
            if (allGone(gone, first, headsOfGroup()))
                clearRows({".key.weight", ".key.bias", ".value.weight", ".value.bias"}, group(head), zero);
        }
    }

private:
    static bool allGone(const std::vector<bool>& gone, int first, int count) {
        return std::all_of(gone.begin() + first, gone.begin() + first + count, std::identity());
    }
    int headsOfGroup() const { return m_block.heads / m_block.kvHeads; }
    int group(int head) const { return head / headsOfGroup(); }

    /// W_O [d_model, heads head_dim]: a head has columns.
    template <class Each>
    void eachOfOutput(int head, const Each& each) const {
        const auto columns = static_cast<std::size_t>(m_output->shape[1]), width = static_cast<std::size_t>(m_headDim);
        for (std::size_t row = 0; row < static_cast<std::size_t>(m_output->shape[0]); ++row)
            for (std::size_t c = 0; c < width; ++c) each(m_output->offset + row * columns + static_cast<std::size_t>(head) * width + c);
    }
    /// The others [heads head_dim, d_model] or [heads head_dim]: it has rows.
    template <class Each>
    void eachOfRows(const Parameter& parameter, int part, const Each& each) const {
        const std::size_t size = parameter.size / static_cast<std::size_t>(parameter.shape[0]) * static_cast<std::size_t>(m_headDim);
        const std::size_t first = parameter.offset + static_cast<std::size_t>(part) * size;
        for (std::size_t i = first; i < first + size; ++i) each(i);
    }
    template <class Each>
    void clearRows(std::initializer_list<const char*> names, int part, const Each& each) const {
        for (const char* name : names)
            if (const Parameter* parameter = m_layout.find(m_block.name + name)) eachOfRows(*parameter, part, each);
    }

    const ParameterLayout& m_layout;
    const AttentionBlock& m_block;
    const Parameter* m_output;
    int m_headDim;
    bool m_keysReadElsewhere;  ///< another block's heads read the keys and values that this one makes
    int m_together;            ///< heads that make their weights together: pairs that are subtracted read each other's queries and keys
};

std::vector<AblationSubject> headsOf(const Model& model) {
    if (specOf(model.config().depth.kind).tied)
        throw InputError(LAB_TEXT("analysis",
                                  "One layer\u2019s weights serve every step of this model, so no head can be pruned in one step alone; "
                                  "prune weights instead."));
    std::vector<AblationSubject> heads = ablationSubjects(model);
    std::erase_if(heads, [](const AblationSubject& subject) { return subject.head < 0; });
    if (heads.empty()) throw InputError(LAB_TEXT("analysis", "This model has no heads to prune: a feed-forward net mixes its positions."));
    return heads;
}

/// Least first; of equal worth the first block and head first.
PruneOrder orderedHeads(const std::vector<AblationSubject>& heads, const std::vector<double>& worths) {
    std::vector<std::size_t> order(heads.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return worths[i]; });
    PruneOrder result{PruneWhat::heads, {}, {}, {}, false};
    for (const std::size_t i : order) {
        result.heads.push_back(heads[i]);
        result.worths.push_back(worths[i]);
    }
    return result;
}

PruneOrder headsBySize(const Model& model, const Weights& weights) {
    const std::vector<AblationSubject> heads = headsOf(model);
    std::vector<double> worths;
    for (const AblationSubject& subject : heads) {
        const HeadParts parts(model, model.attentionBlocks()[static_cast<std::size_t>(subject.block)]);
        worths.push_back(parts.outputNorm(weights, subject.head) * parts.valueNorm(weights, subject.head));
    }
    return orderedHeads(heads, worths);
}

std::optional<PruneOrder> headsByAblation(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                          const std::function<bool()>& cancelled, const PruneProgress& progress) {
    const std::vector<AblationSubject> heads = headsOf(model);
    std::vector<double> worths;
    for (const AblationSubject& subject : heads) {
        const auto score = evaluateWith(model, weights, samples, ablationOf(model, subject, Intervention::Kind::headOff), cancelled);
        if (!score) return std::nullopt;
        worths.push_back(score->loss);  // the whole model's loss is the same for all: it changes no order
        if (progress) progress(static_cast<int>(worths.size()), static_cast<int>(heads.size()));
    }
    return orderedHeads(heads, worths);
}

PruneOrder emptyWeightOrder(const Model& model, bool withinMatrices) {
    return {PruneWhat::weights, {}, {}, std::vector<float>(model.layout().flatSize(), -1.0f), withinMatrices};
}

template <class Worth>
void setWorths(const Model& model, PruneOrder& order, const Worth& worth) {
    for (const Parameter& p : model.layout().parameters()) {
        if (!p.isHiddenMatrix()) continue;
        for (std::size_t i = p.offset; i < p.offset + p.size; ++i) order.weightWorths[i] = worth(i);
    }
}

PruneOrder weightsBySize(const Model& model, const Weights& weights) {
    PruneOrder order = emptyWeightOrder(model, true);
    setWorths(model, order, [&](std::size_t i) { return std::abs(weights[i]); });
    return order;
}

/// The gradient of each sample's own loss by itself.
std::optional<PruneOrder> weightsByAblation(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                            const std::function<bool()>& cancelled, const PruneProgress& progress) {
    const Weights transposed = model.transposedCopy(weights);
    Weights gradient(weights.size());
    std::vector<float> squares(weights.size());
    Scratch scratch;
    for (std::size_t s = 0; s < samples.size(); ++s) {
        if (cancelled && cancelled()) return std::nullopt;
        const Batch batch = makeBatch({samples[s]});
        const auto counted = std::ranges::count_if(batch.targets, [](int target) { return target >= 0; });
        std::ranges::fill(gradient, 0.0f);
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), gradient.data(), scratch};
        model.network().train(pass, viewOf(batch, 0, 1), 1.0f / static_cast<float>(std::max<std::ptrdiff_t>(1, counted)));
        for (std::size_t i = 0; i < squares.size(); ++i) squares[i] += gradient[i] * gradient[i];
        if (progress) progress(static_cast<int>(s + 1), static_cast<int>(samples.size()));
    }
    PruneOrder order = emptyWeightOrder(model, false);
    setWorths(model, order, [&](std::size_t i) { return weights[i] * weights[i] * squares[i]; });
    return order;
}

std::int64_t nearestCount(double share, std::size_t of) {
    return std::clamp(std::llround(share * static_cast<double>(of)), 0LL, static_cast<long long>(of));
}

Pruned withoutHeads(const Model& model, const Weights& weights, const PruneOrder& order, double share) {
    Pruned result{weights, nearestCount(share, order.heads.size()), std::ssize(order.heads)};
    const auto& blocks = model.attentionBlocks();
    std::vector<std::vector<bool>> gone;
    for (const AttentionBlock& block : blocks) gone.emplace_back(static_cast<std::size_t>(block.heads), false);
    for (std::int64_t i = 0; i < result.taken; ++i) {
        const AblationSubject& subject = order.heads[static_cast<std::size_t>(i)];
        gone[static_cast<std::size_t>(subject.block)][static_cast<std::size_t>(subject.head)] = true;
    }
    for (std::size_t b = 0; b < blocks.size(); ++b) HeadParts(model, blocks[b]).clear(result.weights, gone[b]);
    return result;
}

/// Sets the least of these weights to 0; of equal ones the first.
std::int64_t clearLeast(Weights& weights, const PruneOrder& order, std::vector<std::size_t> places, double share) {
    const std::int64_t count = nearestCount(share, places.size());
    const auto before = [&](std::size_t a, std::size_t b) {
        return std::pair(order.weightWorths[a], a) < std::pair(order.weightWorths[b], b);
    };
    std::nth_element(places.begin(), places.begin() + count, places.end(), before);
    for (std::int64_t i = 0; i < count; ++i) weights[places[static_cast<std::size_t>(i)]] = 0.0f;
    return count;
}

Pruned withoutWeights(const Model& model, const Weights& weights, const PruneOrder& order, double share) {
    Pruned result{weights, 0, 0};
    std::vector<std::size_t> places;
    const auto take = [&] {
        result.of += std::ssize(places);
        result.taken += clearLeast(result.weights, order, std::move(places), share);
        places.clear();
    };
    for (const Parameter& p : model.layout().parameters()) {
        for (std::size_t i = p.offset; i < p.offset + p.size; ++i)
            if (order.weightWorths[i] >= 0.0f) places.push_back(i);
        if (order.withinMatrices) take();
    }
    if (!order.withinMatrices) take();
    return result;
}

}  // namespace

std::optional<PruneOrder> pruneOrder(const Model& model, const Weights& weights, PruneWhat what, PruneBy by,
                                     const std::vector<Sample>& samples, const std::function<bool()>& cancelled,
                                     const PruneProgress& progress) {
    if (what == PruneWhat::heads)
        return by == PruneBy::size ? headsBySize(model, weights) : headsByAblation(model, weights, samples, cancelled, progress);
    return by == PruneBy::size ? weightsBySize(model, weights) : weightsByAblation(model, weights, samples, cancelled, progress);
}

Pruned pruned(const Model& model, const Weights& weights, const PruneOrder& order, double share) {
    assert(share >= 0 && share <= 1);
    return order.what == PruneWhat::heads ? withoutHeads(model, weights, order, share) : withoutWeights(model, weights, order, share);
}

Experiment afterPruning(Experiment experiment, int steps) {
    if (!experiment.name.empty()) experiment.name += ", ";
    experiment.name += "pruned";
    TrainingConfig& training = experiment.training;
    training.keep_zeros = true;
    training.adapters.rank = 0;  // what they add is in the weights
    training.early_stop = 0;
    if (steps < 1) return experiment;
    training.steps = steps;
    training.validate_every = std::min(training.validate_every, steps);
    limitWarmup(*training.schedule.kind, training.schedule.numbers, steps / 10);
    return experiment;
}

std::int64_t zerosOf(const ParameterLayout& layout, const Weights& weights) {
    std::int64_t zeros = 0;
    for (const Parameter& p : layout.parameters()) zeros += std::count(at(weights, p), at(weights, p) + p.size, 0.0f);
    return zeros;
}

}  // namespace lab
