#include "core/analysis/likeliest.h"

#include <algorithm>
#include <numeric>

namespace lab {
namespace {

/// The logits of a position; empty where there are none.
std::span<const float> logitsAt(const Trace& trace, int position) {
    const Tensor* logits = trace.find("logits");  // [T, classes]
    if (!logits || position < 0 || position >= static_cast<int>(logits->extent(0))) return {};
    const auto classes = static_cast<std::size_t>(logits->extent(1));
    return std::span<const float>(logits->values).subspan(static_cast<std::size_t>(position) * classes, classes);
}

}  // namespace

std::vector<LikelyClass> likeliest(const SoftmaxRow& row, std::size_t most) {
    std::vector<int> ids(row.exponentials.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto probability = [&](int id) { return row.probability(static_cast<std::size_t>(id)); };
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(most, ids.size()));
    std::partial_sort(ids.begin(), end, ids.end(),
                      [&](int a, int b) { return probability(a) != probability(b) ? probability(a) > probability(b) : a < b; });
    std::vector<LikelyClass> found;
    for (auto id = ids.begin(); id != end; ++id) found.push_back({*id, probability(*id)});
    return found;
}

std::vector<LikelyClass> likeliest(const Trace& trace, int position, std::size_t most) {
    return likeliest(softmaxRow(logitsAt(trace, position)), most);
}

int rankOf(std::span<const float> logits, int id) {
    const auto own = static_cast<std::size_t>(id);
    int rank = 1;
    for (std::size_t other = 0; other < logits.size(); ++other)
        rank += logits[other] > logits[own] || (logits[other] == logits[own] && other < own);
    return rank;
}

std::optional<ClassStanding> standingOf(const Trace& trace, int position, int id) {
    const std::span<const float> logits = logitsAt(trace, position);
    const auto own = static_cast<std::size_t>(id);
    if (id < 0 || own >= logits.size()) return std::nullopt;
    return ClassStanding{rankOf(logits, id), softmaxRow(logits).probability(own)};
}

}  // namespace lab
