#pragma once

#include <optional>
#include <vector>

#include "core/incontext/evidence.h"
#include "core/incontext/model_answers.h"
#include "core/incontext/solvers.h"

// One prompt seen along one axis: its pairs, what the model answers at every place of it, and what could be fitted instead.

namespace lab {

/// The unit vector along the query by which more than one dimension is shown; its largest component is positive, so that a query that is
/// drawn across 0 does not turn the picture round. Of a query 0 the first axis.
std::vector<double> promptDirection(const FunctionPrompt& prompt);
/// A point's place on that axis.
double placeAlong(std::span<const double> point, std::span<const double> direction);
/// The prompt with its query at this place of its axis. Off 0, so that the axis stays: it is given by the query.
FunctionPrompt queryAt(const FunctionPrompt& prompt, double place);
/// The prompt with pair i at this place of the axis (what lies across it stays) and with this y.
FunctionPrompt withPair(FunctionPrompt prompt, int i, double place, double y);
/// One more pair, on the axis, before the query; one less.
FunctionPrompt withAddedPair(const FunctionPrompt& prompt, double place, double y);
FunctionPrompt withoutPair(const FunctionPrompt& prompt, int i);

/// What a method makes of the prompt: a straight line.
struct MethodLine {
    Method method;
    bool defined = false;
    double slope = 0;   ///< along the axis
    double answer = 0;  ///< at the query
    double fit = 0;     ///< fitLoss of its weights
};

struct PromptLook {
    FunctionPrompt prompt;
    std::vector<double> direction;
    std::vector<double> places;   ///< [points] of the pairs
    double query = 0;             ///< place
    std::vector<double> along;    ///< places at which the model was asked
    std::vector<double> answers;  ///< its answers there
    double answer = 0;            ///< at the query itself
    double slope = 0;             ///< of its answers, at the query
    std::optional<double> truth;
    std::vector<MethodLine> lines;
    InferenceEvidence evidence;
};

struct PromptQuestion {
    FunctionConfig task;
    FunctionPrompt prompt;
    std::vector<Method> methods;
    double reach = 0;  ///< of the axis; 0: as far as pairs and query
    int samples = 41;
};
PromptLook lookAtPrompt(const Model& model, const Weights& weights, const PromptQuestion& question);

/// The largest distance of the model's line from a straight one through 0 of this slope, relative to that line's own largest value; 0 where
/// both are 0.
double distanceFromLine(const PromptLook& look, double slope);

}  // namespace lab
