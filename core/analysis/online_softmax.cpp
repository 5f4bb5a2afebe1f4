#include "core/analysis/online_softmax.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace lab {
namespace {

constexpr double nothingSeen = -std::numeric_limits<double>::infinity();

/// exp(a - b) with exp(-infinity - anything) = 0.
double scaledBy(double a, double b) {
    return a == nothingSeen ? 0 : std::exp(a - b);
}

OnlineStep stepBehind(const OnlineStep& before, std::span<const double> scores, std::span<const double> values) {
    const std::size_t width = before.output.size();
    OnlineStep step;
    step.first = before.first + before.count;
    step.count = static_cast<int>(scores.size());
    step.tileMaximum = *std::ranges::max_element(scores);
    step.maximum = std::max(before.maximum, step.tileMaximum);
    step.rescale = scaledBy(before.maximum, step.maximum);
    for (const double output : before.output) step.output.push_back(output * step.rescale);
    for (std::size_t j = 0; j < scores.size(); ++j) {
        const double e = scaledBy(scores[j], step.maximum);
        step.tileSum += e;
        for (std::size_t p = 0; p < width; ++p) step.output[p] += e * values[j * width + p];
    }
    step.sum = before.sum * step.rescale + step.tileSum;
    return step;
}

}  // namespace

OnlineSoftmax onlineSoftmax(std::span<const double> scores, std::span<const double> values, int width, int tile) {
    assert(tile > 0 && values.size() == scores.size() * static_cast<std::size_t>(width));
    OnlineSoftmax all;
    OnlineStep last;
    last.maximum = nothingSeen;
    last.output.assign(static_cast<std::size_t>(width), 0);
    for (std::size_t first = 0; first < scores.size(); first += static_cast<std::size_t>(tile)) {
        const std::size_t count = std::min(scores.size() - first, static_cast<std::size_t>(tile));
        const std::size_t wide = static_cast<std::size_t>(width);
        last = stepBehind(last, scores.subspan(first, count), values.subspan(first * wide, count * wide));
        all.steps.push_back(last);
    }
    for (const double output : last.output) all.result.push_back(last.sum > 0 ? output / last.sum : 0);
    return all;
}

}  // namespace lab
