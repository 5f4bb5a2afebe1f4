#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/experiment.h"
#include "core/training/bench.h"

namespace lab {

/// How a training step's time and memory grow with one number of its experiment, everything else kept.
struct GrowthCurve {
    std::string_view name;   ///< of the number: "n"
    std::string_view still;  ///< what is kept, for people: "encoder, d 64, L 2, h 4, batch 16"
    std::vector<int> values;
    Experiment (*at)(int value);  ///< resolved
};
/// n, d, L, batch, V.
const std::vector<GrowthCurve>& growthCurves();

/// Of what a step's time or memory is made: one kind of numbers at every value.
struct GrowthPart {
    std::string_view name;
    std::vector<double> amounts{};
    double exponent = 0;  ///< as exponentOf() has it
    double share = 0;     ///< of the sum at the largest value
};

/// The exponent of a power of the value: least squares between the logarithms, over the upper half of the values, where what does not grow
/// counts least. 0 for fewer than two values above it.
double exponentOf(const std::vector<int>& values, const std::vector<double>& amounts);

/// Multiply-adds of a step's forward pass by what they are for; a training has three times as many.
std::vector<GrowthPart> growthTimeParts(const GrowthCurve& curve);
/// Bytes of a training with so many threads: vectors as long as the weights, what waits for the backward pass in a row and in a pair.
std::vector<GrowthPart> growthMemoryParts(const GrowthCurve& curve, int threads);

/// A measured exponent beside the counted one.
struct GrowthFit {
    double exponent = 0;             ///< the median of the rounds' own
    double lowest = 0, highest = 0;  ///< of the rounds
    double expected = 0;             ///< of the sum of the parts
    std::vector<GrowthPart> parts{};
};

struct GrowthResult {
    const GrowthCurve* curve = nullptr;
    std::vector<BenchResult> points{};  ///< a value each
    GrowthFit time{};
    GrowthFit memory{};  ///< without parts where the system does not say what a program holds
};

/// The rows of some curves, one behind the other, with one number of threads.
std::vector<BenchRow> growthRows(const std::vector<const GrowthCurve*>& curves, int threads);
/// What came of them, in their order.
std::vector<GrowthResult> growthOf(const std::vector<const GrowthCurve*>& curves, const BenchReport& report);

/// FORMATS 7.
std::string growthJson(const BenchReport& report, const std::vector<GrowthResult>& results);

}  // namespace lab
