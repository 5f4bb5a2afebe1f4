#include "core/layers/answer_cost.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace lab {
namespace {

/// ln sum exp z, without gradients to read the probabilities from.
template <class T>
double logSum(int classes, const T* z) {
    const auto top = static_cast<double>(*std::max_element(z, z + classes));
    return top +
           std::log(std::accumulate(z, z + classes, 0.0, [&](double sum, T x) { return sum + std::exp(static_cast<double>(x) - top); }));
}

/// The same from dz = weight (softmax - onehot): the largest logit less the logarithm of its probability, which is at least 1 / classes.
template <class T>
double logSumFrom(int classes, const T* z, int target, T weight, const T* dz) {
    const auto best = std::max_element(z, z + classes) - z;
    const double p = static_cast<double>(dz[best]) / static_cast<double>(weight) + (best == target ? 1.0 : 0.0);
    return static_cast<double>(z[best]) - std::log(p);
}

}  // namespace

template <class T>
double addAnswerCost(const AnswerCost& cost, int rows, int classes, const T* logits, int ld, const int* targets, T weight, T* dlogits) {
    const double smoothing = cost.label_smoothing;
    double sum = 0;
    for (int r = 0; r < rows; ++r) {
        const int target = targets[r];
        if (target < 0) continue;
        const T* z = logits + static_cast<std::ptrdiff_t>(r) * ld;
        T* dz = dlogits ? dlogits + static_cast<std::ptrdiff_t>(r) * ld : nullptr;
        // code: loss smoothed; loss zloss
        const double log = cost.z_loss == 0.0 ? 0.0 : dz ? logSumFrom(classes, z, target, weight, dz) : logSum(classes, z);
        sum += cost.z_loss * log * log;
        if (smoothing > 0.0) sum += smoothing * (static_cast<double>(z[target]) - std::accumulate(z, z + classes, 0.0) / classes);
        // end code
        if (!dz) continue;
        // code: d_logits smoothed; d_logits zloss
        const double slope = 2.0 * cost.z_loss * log;
        const T factor = static_cast<T>(1.0 + slope), everywhere = weight * static_cast<T>(smoothing / classes);
        for (int c = 0; c < classes; ++c) dz[c] = dz[c] * factor - everywhere;
        dz[target] += weight * static_cast<T>(slope + smoothing);
        // end code
    }
    return sum;
}

template double addAnswerCost(const AnswerCost&, int, int, const float*, int, const int*, float, float*);
template double addAnswerCost(const AnswerCost&, int, int, const double*, int, const int*, double, double*);

}  // namespace lab
