#include "core/memory/evidence.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace lab {

double Truth::expectation() const {
    return confidence > 0 ? confidence * (frequency - 0.5) + 0.5 : 0.5;
}

Truth truthOf(const Evidence& evidence, double k) {
    if (!(evidence.total > 0)) return {std::numeric_limits<double>::quiet_NaN(), 0};
    return {evidence.positive / evidence.total, evidence.total / (evidence.total + k)};
}

Evidence evidenceOf(const Truth& truth, double k) {
    assert(truth.confidence >= 0 && truth.confidence < 1);
    if (truth.confidence == 0) return {};
    const double total = k * truth.confidence / (1 - truth.confidence);
    return {truth.frequency * total, total};
}

Truth revised(const Truth& one, const Truth& other) {
    if (one.confidence == 0) return other;
    if (other.confidence == 0) return one;
    const double ofOne = one.confidence * (1 - other.confidence), ofOther = other.confidence * (1 - one.confidence);
    const double both = ofOne + ofOther;
    return {(one.frequency * ofOne + other.frequency * ofOther) / both, both / (both + (1 - one.confidence) * (1 - other.confidence))};
}

}  // namespace lab
