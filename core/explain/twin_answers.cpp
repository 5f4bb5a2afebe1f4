#include "core/explain/twin_answers.h"

#include <algorithm>
#include <cmath>

namespace lab::explain {
namespace {

/// ln of the sum of e to the logits of a row.
double logPartition(Node logits, int row) {
    double sum = 0.0;
    for (int c = 0; c < logits->columns; ++c) sum += std::exp(logits->at(row, c));
    return std::log(sum);
}

/// Cross-entropy with the smoothed distribution less that with the target alone.
double smoothed(Node logits, int row, int target, double smoothing) {
    const double log = logPartition(logits, row);
    double whole = 0.0;
    for (int c = 0; c < logits->columns; ++c)
        whole -= (smoothing / logits->columns + (c == target ? 1.0 - smoothing : 0.0)) * (logits->at(row, c) - log);
    return whole + logits->at(row, target) - log;
}

}  // namespace

Node answerCostOf(Tape& tape, Node logits, const std::vector<int>& targets, const AnswerCost& cost) {
    const auto counted = static_cast<double>(std::ranges::count_if(targets, [](int t) { return t >= 0; }));
    double sum = 0.0;
    for (int r = 0; r < logits->rows; ++r) {
        const int target = targets[static_cast<std::size_t>(r)];
        if (target < 0) continue;
        const double log = logPartition(logits, r);
        sum += smoothed(logits, r, target, cost.label_smoothing) + cost.z_loss * log * log;
    }
    return tape.cost(sum / counted, [=](double slope) {
        for (int r = 0; r < logits->rows; ++r) {
            const int target = targets[static_cast<std::size_t>(r)];
            if (target < 0) continue;
            const double log = logPartition(logits, r);
            for (int c = 0; c < logits->columns; ++c) {
                const double spread = (c == target ? 1.0 : 0.0) - 1.0 / logits->columns;
                const double share = std::exp(logits->at(r, c) - log);
                logits->gradAt(r, c) += slope / counted * (cost.label_smoothing * spread + 2.0 * cost.z_loss * log * share);
            }
        }
    });
}

}  // namespace lab::explain
