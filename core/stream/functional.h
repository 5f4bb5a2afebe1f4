#pragma once

#include <string>
#include <vector>

#include "core/config/model_config.h"
#include "core/model/model.h"

namespace lab {

/// For core/stream's own sources: a number as an affine function of a vector, constant + <slope, v>, that is carried back through the parts
/// of a model in double precision. What is not linear is held as it was measured: a norm's scale, which numbers a relu lets through, the
/// slope of another activation (the rest of its curve is a constant of its own).
struct Functional {
    std::vector<double> slope;

    double of(const float* v) const;
    double of(const std::vector<double>& v) const;
};

/// The numbers of a parameter by its name; null when the model has none.
const float* parameterOf(const Model& model, const Weights& weights, const std::string& name);

/// Back through y = W x + b, W [out, in]: returns what b adds (0 without one).
double backThroughLinear(Functional& f, const Model& model, const Weights& weights, const std::string& name, int in);
/// What a norm `name` of kind `kind` makes of `v` [n] is carried back to `v`, its scale held. Returns what its bias adds.
double backThroughNorm(Functional& f, const Model& model, const Weights& weights, const std::string& name, const NormConfig& norm,
                       const std::vector<double>& v);
/// Back through an activation of h: its slope there times h. Returns what the straight line leaves out of the curve.
double backThroughActivation(Functional& f, Activation activation, const std::vector<double>& h);
/// What the activation makes of h.
std::vector<double> activated(Activation activation, const std::vector<double>& h);
/// W x + b, in double.
std::vector<double> linearOf(const Model& model, const Weights& weights, const std::string& name, const std::vector<double>& x);
/// The norm's output itself, in double.
std::vector<double> normed(const Model& model, const Weights& weights, const std::string& name, const NormConfig& norm,
                           const std::vector<double>& v);

}  // namespace lab
