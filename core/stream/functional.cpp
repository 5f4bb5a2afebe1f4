#include "core/stream/functional.h"

#include <cmath>
#include <numeric>

#include "core/layers/activation_kernels.h"

namespace lab {
namespace {

struct Scale {
    double mean = 0;     ///< that is subtracted; 0 of a norm that only scales
    double inverse = 1;  ///< what is multiplied by
};

Scale scaleOf(const NormConfig& norm, const std::vector<double>& v) {
    const NormSpec& spec = specOf(norm.kind);
    Scale scale;
    if (!spec.normalises) return scale;
    const double n = static_cast<double>(v.size());
    if (spec.centred) scale.mean = std::accumulate(v.begin(), v.end(), 0.0) / n;
    double squares = 0;
    for (const double x : v) squares += (x - scale.mean) * (x - scale.mean);
    scale.inverse = 1.0 / std::sqrt(squares / n + norm.epsilon);
    return scale;
}

}  // namespace

double Functional::of(const float* v) const {
    double sum = 0;
    for (std::size_t i = 0; i < slope.size(); ++i) sum += slope[i] * static_cast<double>(v[i]);
    return sum;
}

double Functional::of(const std::vector<double>& v) const {
    return std::inner_product(slope.begin(), slope.end(), v.begin(), 0.0);
}

const float* parameterOf(const Model& model, const Weights& weights, const std::string& name) {
    const Parameter* parameter = model.layout().find(name);
    return parameter ? weights.data() + parameter->offset : nullptr;
}

double backThroughLinear(Functional& f, const Model& model, const Weights& weights, const std::string& name, int in) {
    const float* bias = parameterOf(model, weights, name + ".bias");
    const double constant = bias ? f.of(bias) : 0.0;
    const float* row = parameterOf(model, weights, name + ".weight");
    std::vector<double> slope(static_cast<std::size_t>(in));
    for (const double share : f.slope)
        for (double& x : slope) x += share * static_cast<double>(*row++);
    f.slope = std::move(slope);
    return constant;
}

double backThroughNorm(Functional& f, const Model& model, const Weights& weights, const std::string& name, const NormConfig& norm,
                       const std::vector<double>& v) {
    if (!specOf(norm.kind).normalises) return 0.0;
    const float* bias = parameterOf(model, weights, name + ".bias");
    const double constant = bias ? f.of(bias) : 0.0;
    const float* gain = parameterOf(model, weights, name + ".weight");
    const double inverse = scaleOf(norm, v).inverse;
    for (std::size_t i = 0; i < f.slope.size(); ++i) f.slope[i] *= static_cast<double>(gain[i]) * inverse;
    if (!specOf(norm.kind).centred) return constant;
    const double mean = std::accumulate(f.slope.begin(), f.slope.end(), 0.0) / static_cast<double>(f.slope.size());
    for (double& x : f.slope) x -= mean;
    return constant;
}

std::vector<double> activated(Activation activation, const std::vector<double>& h) {
    std::vector<double> u(h.size());
    (kernels<double>().*kernelsOf<double>(activation).forward)(std::ssize(h), h.data(), u.data());
    return u;
}

double backThroughActivation(Functional& f, Activation activation, const std::vector<double>& h) {
    const std::vector<double> u = activated(activation, h), ones(h.size(), 1.0);
    std::vector<double> slope(h.size());
    (kernels<double>().*kernelsOf<double>(activation).backward)(std::ssize(h), h.data(), ones.data(), slope.data());
    double left = 0;
    for (std::size_t i = 0; i < h.size(); ++i) {
        left += f.slope[i] * (u[i] - slope[i] * h[i]);
        f.slope[i] *= slope[i];
    }
    return left;
}

std::vector<double> linearOf(const Model& model, const Weights& weights, const std::string& name, const std::vector<double>& x) {
    const Parameter& matrix = *model.layout().find(name + ".weight");
    const float* w = weights.data() + matrix.offset;
    const float* b = parameterOf(model, weights, name + ".bias");
    std::vector<double> y(static_cast<std::size_t>(matrix.shape[0]));
    for (std::size_t r = 0; r < y.size(); ++r, w += x.size()) {
        double sum = b ? static_cast<double>(b[r]) : 0.0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(w[i]) * x[i];
        y[r] = sum;
    }
    return y;
}

std::vector<double> normed(const Model& model, const Weights& weights, const std::string& name, const NormConfig& norm,
                           const std::vector<double>& v) {
    if (!specOf(norm.kind).normalises) return v;
    const Scale scale = scaleOf(norm, v);
    const float* gain = parameterOf(model, weights, name + ".weight");
    const float* bias = parameterOf(model, weights, name + ".bias");
    std::vector<double> y(v.size());
    for (std::size_t i = 0; i < v.size(); ++i)
        y[i] = (v[i] - scale.mean) * scale.inverse * static_cast<double>(gain[i]) + (bias ? static_cast<double>(bias[i]) : 0.0);
    return y;
}

}  // namespace lab
