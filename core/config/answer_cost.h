#pragma once

namespace lab {

/// What training adds to the cross-entropy of its answers (core/layers/answer_cost.h); none of it is in a loss that is shown.
struct AnswerCost {
    double label_smoothing = 0.0;  ///< epsilon: the share of the target that goes to all classes alike
    double z_loss = 0.0;           ///< weight of the square of the logarithm of the softmax's divisor

    bool any() const { return label_smoothing > 0.0 || z_loss > 0.0; }
    bool operator==(const AnswerCost&) const = default;
};

}  // namespace lab
