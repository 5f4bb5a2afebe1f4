#include "core/bottlenecks/bottleneck.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace bottlenecks {

extern const BottleneckSpec fsq, bits, oneHot, gumbel, vq;  // a file each

}  // namespace bottlenecks

namespace {

constinit const BottleneckSpec none{"none", LAB_TEXT("bottlenecks", "None"),
                                    LAB_TEXT("fields", "the decoder looks at what the encoder makes of each token")};

}  // namespace

std::span<const BottleneckSpec* const> BottleneckSpec::table() {
    static constexpr const BottleneckSpec* rows[] = {
        &none, &bottlenecks::fsq, &bottlenecks::bits, &bottlenecks::oneHot, &bottlenecks::gumbel, &bottlenecks::vq};
    return rows;
}

template <>
const SlotRule<float>& BottleneckSpec::rule() const {
    return single;
}
template <>
const SlotRule<double>& BottleneckSpec::rule() const {
    return twice;
}

double BottleneckShape::tauAt(std::int64_t step) const {
    return std::max(tauEnd, tau * std::exp(-tauRate * static_cast<double>(step)));
}

BottleneckShape BottleneckConfig::shape() const {
    std::vector<double> numbers;
    for (const ParameterSpec& spec : kind->parameters) numbers.push_back(parameters[spec]);
    return kind->shape(numbers);
}

double bitsOf(const BottleneckShape& shape) {
    return shape.slotCount * std::log2(static_cast<double>(shape.codes));
}

}  // namespace lab
