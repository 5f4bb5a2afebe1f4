#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/incontext/construction.h"
#include "core/incontext/evidence.h"
#include "core/incontext/products.h"
#include "core/incontext/shift.h"

// What the weights of one moment are worth on many prompts: a pure function of (experiment, weights).

namespace lab {

struct StudyQuestion {
    // Which of the parts are wanted: each costs as much as it draws.
    bool examples = false, shift = false, between = false, products = false;
    std::vector<int> exampleCounts{};  ///< for examples
    int prompts = 10'000;
    std::uint64_t seed = 1;  ///< the tasks of TaskLines, so that what is drawn is common to both
    std::function<bool()> cancelled{};
};

struct RunStudy {
    int prompts = 0;
    double loss = 0;
    std::vector<ExampleLoss> byExamples;
    std::vector<ShiftPoint> inputShift, weightShift;  ///< as measured
    std::vector<InterpolatedLoss> between;
    Message whyNotBetween;
    std::vector<HeadProducts> products;
    Message whyNoProducts;
    std::optional<EffectiveStep> step;
    ExactAndFitted exact;
};

/// `exact` compares the scores of the first prompt drawn.
RunStudy studyRun(const Model& model, const Weights& weights, const Experiment& experiment, const StudyQuestion& question);

/// Factors of x and w at which the shift is measured and drawn: 1/4 .. 4.
std::vector<double> shiftScales();

/// A head's products and the construction's as they are drawn beside each other: both divided so that the reading of y is as the
/// construction has it, since only the two products together are fixed (one may be c times as large where the other is 1 / c).
struct ComparedProducts {
    HeadProducts model, constructed;
    double factor = 1;  ///< `meeting` was multiplied by it and `adding` divided
};
ComparedProducts besideConstruction(const HeadProducts& head, int points, double eta);

}  // namespace lab
