#pragma once

#include <optional>

#include "core/tasks/function_config.h"

namespace lab {

/// What the closed forms need of a task of linear functions: x has independent coordinates, w uncorrelated ones, all of mean 0.
struct FunctionMoments {
    int dimensions = 0;
    int points = 0;
    double variance = 0;  ///< of a coordinate of x
    double kurtosis = 0;  ///< E x^4 / variance^2 of one: 3 normal, 1.8 uniform
    double weight = 0;    ///< variance of a coordinate of w
    double noise = 0;     ///< variance of what is added to y
};

/// Nothing of functions that are not linear.
std::optional<FunctionMoments> momentsOf(const FunctionConfig& task);
/// x multiplied by a, w by b; noise stays.
FunctionMoments scaled(FunctionMoments moments, double x, double w);
/// The length eta of the one gradient step from w = 0 that costs least (core/incontext/closed_form.h derives it).
double bestOneStep(const FunctionMoments& moments);

}  // namespace lab
