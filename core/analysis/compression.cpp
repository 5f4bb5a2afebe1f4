#include "core/analysis/compression.h"

#include <algorithm>

#include "core/analysis/tapped_evaluation.h"

namespace lab {
namespace {

/// Evaluates one form after the other; false when cancelled.
bool measure(const Model& model, std::vector<Compressed>& forms, const std::vector<Sample>& samples, const CompressionWatch& watch,
             int done, int total) {
    for (Compressed& form : forms) {
        form.zeros = zerosOf(model.layout(), form.weights);
        form.bytes = storedBytes(model.layout(), form.scheme);
        QuietTap tap;
        const auto tell = [&](std::size_t i) {
            if (watch.progress) watch.progress(done + static_cast<int>(i), total);
        };
        const auto score = evaluateTapped(model, form.weights, samples, tap, watch.cancelled, tell);
        if (!score) return false;
        form.score = *score;
        done += static_cast<int>(samples.size());
    }
    if (watch.progress) watch.progress(total, total);
    return true;
}

Compressed asItIs(const Weights& weights) {
    Compressed form;
    form.weights = weights;
    return form;
}

/// As many as wanted, evenly over all.
std::vector<Sample> fewerOf(const std::vector<Sample>& samples, std::size_t wanted) {
    if (wanted >= samples.size()) return samples;
    std::vector<Sample> fewer;
    for (std::size_t i = 0; i < wanted; ++i) fewer.push_back(samples[i * samples.size() / wanted]);
    return fewer;
}

}  // namespace

std::optional<std::vector<Compressed>> quantisedForms(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                      const CompressionWatch& watch) {
    std::vector<Compressed> forms{asItIs(weights)};
    for (const QuantisationScheme& scheme : QuantisationScheme::table()) {
        Compressed& form = forms.emplace_back();
        form.scheme = &scheme;
        form.weights = quantised(weights, model.layout(), scheme);
    }
    const int total = static_cast<int>(forms.size() * samples.size());
    if (!measure(model, forms, samples, watch, 0, total)) return std::nullopt;
    return forms;
}

std::optional<std::vector<Compressed>> prunedForms(const Model& model, const Weights& weights, PruneWhat what, PruneBy by,
                                                   std::span<const double> shares, const std::vector<Sample>& samples,
                                                   std::size_t orderSamples, const CompressionWatch& watch) {
    const int rows = static_cast<int>(shares.size()) + 1, each = static_cast<int>(samples.size());
    const int ordering = by == PruneBy::ablation ? rows * each / 2 : 0;  // as if it took half as long as the rest
    const int total = ordering + rows * each;
    const auto told = [&](int done, int of) {
        if (watch.progress && of > 0) watch.progress(static_cast<int>(std::int64_t{ordering} * done / of), total);
    };
    const auto order = pruneOrder(model, weights, what, by, fewerOf(samples, orderSamples), watch.cancelled, told);
    if (!order) return std::nullopt;
    std::vector<Compressed> forms{asItIs(weights)};
    for (const double share : shares) {
        Pruned result = pruned(model, weights, *order, share);
        Compressed& form = forms.emplace_back();
        form.share = share;
        form.taken = result.taken;
        form.of = result.of;
        form.weights = std::move(result.weights);
    }
    if (!measure(model, forms, samples, watch, ordering, total)) return std::nullopt;
    return forms;
}

}  // namespace lab
