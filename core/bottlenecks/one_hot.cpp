#include "core/bottlenecks/choice.h"

namespace lab::bottlenecks {
namespace {

constexpr ParameterSpec parameters[] = {slotsParameter, codesParameter};

BottleneckShape shape(std::span<const double> numbers) {
    BottleneckShape shape{static_cast<int>(numbers[0]), static_cast<int>(numbers[1]), static_cast<int>(numbers[1])};
    shape.margin = apartByChoice;
    return shape;
}

}  // namespace

extern const BottleneckSpec oneHot;
constinit const BottleneckSpec oneHot{"one-hot",
                                      LAB_TEXT("bottlenecks", "One-hot, straight through"),
                                      LAB_TEXT("fields", "the largest of a slot's numbers, with the slope of softmax on the way back"),
                                      parameters,
                                      shape,
                                      ruleOf<Choice, float>(),
                                      ruleOf<Choice, double>()};

}  // namespace lab::bottlenecks
