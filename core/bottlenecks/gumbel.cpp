#include "core/bottlenecks/choice.h"

namespace lab::bottlenecks {
namespace {

constexpr ParameterSpec parameters[] = {
    slotsParameter,
    codesParameter,
    {.key = "tau",
     .help = LAB_TEXT("fields", "gumbel: temperature of the drawn softmax at step 0."),
     .limits = {0.01, 100},
     .standard = 1,
     .integer = false},
    {.key = "tau_end",
     .help = LAB_TEXT("fields", "gumbel: the temperature falls to this: max(tau_end, tau e^(-tau_rate step))."),
     .limits = {0.01, 100},
     .standard = 0.5,
     .integer = false},
    {.key = "tau_rate",
     .help = LAB_TEXT("fields", "gumbel: how fast the temperature falls, in e-folds a step."),
     .limits = {0, 1},
     .standard = 1e-3,
     .integer = false},
};

BottleneckShape shape(std::span<const double> numbers) {
    BottleneckShape shape{static_cast<int>(numbers[0]), static_cast<int>(numbers[1]), static_cast<int>(numbers[1])};
    shape.margin = apartByChoice;
    shape.draws = true;
    shape.tau = numbers[2];
    shape.tauEnd = numbers[3];
    shape.tauRate = numbers[4];
    return shape;
}

}  // namespace

extern const BottleneckSpec gumbel;
constinit const BottleneckSpec gumbel{
    "gumbel",
    LAB_TEXT("bottlenecks", "Gumbel softmax"),
    LAB_TEXT("fields",
             "in training a softmax of a slot's numbers plus Gumbel noise, ever sharper (Jang et al. 2016, arXiv 1611.01144); outside of "
             "training the largest, without noise"),
    parameters,
    shape,
    ruleOf<Choice, float>(),
    ruleOf<Choice, double>()};

}  // namespace lab::bottlenecks
