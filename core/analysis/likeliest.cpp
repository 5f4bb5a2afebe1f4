#include "core/analysis/likeliest.h"

#include <algorithm>
#include <numeric>

#include "core/ops/softmax_row.h"

namespace lab {

std::vector<LikelyClass> likeliest(const Trace& trace, int position, std::size_t most) {
    const Tensor* logits = trace.find("logits");  // [T, classes]
    if (!logits || position < 0 || position >= static_cast<int>(logits->extent(0))) return {};
    const auto classes = static_cast<std::size_t>(logits->extent(1));
    const SoftmaxRow row = softmaxRow(std::span(logits->values).subspan(static_cast<std::size_t>(position) * classes, classes));
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

}  // namespace lab
