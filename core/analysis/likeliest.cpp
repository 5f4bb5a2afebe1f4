#include "core/analysis/likeliest.h"

#include <algorithm>
#include <numeric>

#include "core/ops/softmax_row.h"

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

std::vector<LikelyClass> likeliest(const Trace& trace, int position, std::size_t most) {
    const std::span<const float> logits = logitsAt(trace, position);
    const std::size_t classes = logits.size();
    if (classes == 0) return {};
    const SoftmaxRow row = softmaxRow(logits);
    std::vector<int> ids(classes);
    std::iota(ids.begin(), ids.end(), 0);
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(most, classes));
    std::partial_sort(ids.begin(), end, ids.end(), [&](int a, int b) {
        const double pa = row.probability(static_cast<std::size_t>(a)), pb = row.probability(static_cast<std::size_t>(b));
        return pa != pb ? pa > pb : a < b;
    });
    std::vector<LikelyClass> found;
    for (auto id = ids.begin(); id != end; ++id) found.push_back({*id, row.probability(static_cast<std::size_t>(*id))});
    return found;
}

std::optional<ClassStanding> standingOf(const Trace& trace, int position, int id) {
    const std::span<const float> logits = logitsAt(trace, position);
    const auto own = static_cast<std::size_t>(id);
    if (id < 0 || own >= logits.size()) return std::nullopt;
    ClassStanding standing{1, softmaxRow(logits).probability(own)};
    for (std::size_t other = 0; other < logits.size(); ++other)  // of equal ones the lowest id is the first
        standing.rank += logits[other] > logits[own] || (logits[other] == logits[own] && other < own);
    return standing;
}

}  // namespace lab
