#pragma once

// Evidence as the reasoning system NARS counts it (Pei Wang, Non-Axiomatic Logic, 2013): for a statement, how much spoke for it and how
// much spoke at all. No probability is claimed.

namespace lab {

/// Evidential horizon: how much evidence to come the confidence is measured against.
constexpr double evidenceHorizon = 1.0;

/// Amounts of evidence; 0 <= positive <= total.
struct Evidence {
    double positive = 0;  ///< w+
    double total = 0;     ///< w

    bool operator==(const Evidence&) const = default;
};

/// How often, and how sure.
struct Truth {
    double frequency = 0;   ///< w+/w; NaN without evidence
    double confidence = 0;  ///< w/(w + k), below 1

    /// c (f - 1/2) + 1/2: one number for choosing between two statements; 1/2 without evidence.
    double expectation() const;
};

Truth truthOf(const Evidence& evidence, double k = evidenceHorizon);
/// The amounts that a truth value stands for: w = k c/(1 - c). Asserts c < 1.
Evidence evidenceOf(const Truth& truth, double k = evidenceHorizon);

/// The revision rule for two bodies of evidence that share nothing: amounts add. Given and done in truth values, by the rule's formula:
/// f = (f1 c1 (1 - c2) + f2 c2 (1 - c1)) / (c1 (1 - c2) + c2 (1 - c1)), c = that divisor / (itself + (1 - c1)(1 - c2)).
Truth revised(const Truth& one, const Truth& other);

}  // namespace lab
