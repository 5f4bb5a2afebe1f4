#include "core/model/initialise.h"

#include <cmath>

#include "core/base/random.h"
#include "core/config/model_config.h"
#include "core/model/slot_weights.h"

namespace lab {
namespace {

/// How one parameter is drawn.
struct Distribution {
    enum class Kind { constant, uniform, normal } kind = Kind::constant;
    double value = 0;  ///< the constant, the bound, or the standard deviation
};

Distribution uniform(double bound) {
    return {Distribution::Kind::uniform, bound};
}
Distribution normal(double deviation) {
    return {Distribution::Kind::normal, deviation};
}
/// Glorot & Bengio 2010.
Distribution xavier(int in, int out) {
    return uniform(std::sqrt(6.0 / (in + out)));
}
/// Bound of PyTorch's Linear.
Distribution fanIn(int in) {
    return uniform(1.0 / std::sqrt(static_cast<double>(in)));
}

Distribution paper(const Parameter& p) {
    switch (p.role) {
        case ParameterRole::attentionInput:
        case ParameterRole::attentionOutput:
            return xavier(p.fanIn, p.fanOut);
        case ParameterRole::positionTable:
        case ParameterRole::segmentTable:
            return normal(0.02);
        case ParameterRole::attentionBias:
            return {};
        default:
            return fanIn(p.fanIn);
    }
}

Distribution gpt2(const Parameter& p, int residualAdditions) {
    constexpr double deviation = 0.02;
    switch (p.role) {
        case ParameterRole::attentionOutput:
        case ParameterRole::residualOutput:
            return normal(deviation / std::sqrt(static_cast<double>(residualAdditions)));
        default:
            return p.isMatrix() ? normal(deviation) : Distribution{};
    }
}

/// Rows are vectors of d_model that stand for something.
bool isTable(const Parameter& p) {
    return p.role == ParameterRole::tokenTable || p.role == ParameterRole::positionTable || p.role == ParameterRole::segmentTable ||
           p.role == ParameterRole::classVector;
}

Distribution xavierByMatrix(const Parameter& p, int dModel) {
    if (isTable(p) || p.role == ParameterRole::slotTable) return normal(1.0 / std::sqrt(static_cast<double>(dModel)));
    return p.isMatrix() ? xavier(p.shape[1], p.shape[0]) : Distribution{};
}

Distribution pytorch(const Parameter& p) {
    return isTable(p) ? normal(1.0) : fanIn(p.fanIn);
}

/// Residual additions of the stack a parameter belongs to.
int residualAdditions(const Parameter& p, const ModelConfig& config) {
    const int feedForward = config.hasFeedForward() ? 1 : 0;
    const bool ofDecoder = specOf(config.architecture).twoSides() && p.name.starts_with("decoder.");
    if (!ofDecoder) return (1 + feedForward) * config.num_layers;
    return ((config.crossAttends() ? 2 : 1) + feedForward) * *config.num_decoder_layers;
}

Distribution distributionOf(const Parameter& p, const ModelConfig& config) {
    switch (p.role) {
        case ParameterRole::normWeight:
            return {Distribution::Kind::constant, 1.0};
        case ParameterRole::normBias:
        case ParameterRole::positionMapBias:
        case ParameterRole::scoreBias:
            return {};
        case ParameterRole::haltingBias:
            return {Distribution::Kind::constant, config.depth.halting_bias};
        case ParameterRole::shareVector:
            return normal(0.1);
        case ParameterRole::spanShare:
            return {Distribution::Kind::constant, config.attention.span_start};
        case ParameterRole::positionMap:
            return xavier(p.fanIn, 1);
        default:
            break;
    }
    switch (config.init) {
        case Initialisation::gpt2:
            return gpt2(p, residualAdditions(p, config));
        case Initialisation::xavier:
            return xavierByMatrix(p, config.d_model);
        case Initialisation::drawn_slots:
        case Initialisation::gradient_descent:
            return p.isMatrix() ? normal(config.init_scale) : Distribution{};
        case Initialisation::pytorch:
            return pytorch(p);
        case Initialisation::paper:
            break;
    }
    return paper(p);
}

/// What init does not draw but sets.
bool fillFixed(const Parameter& p, const ModelConfig& config, float* values) {
    if (!specOf(config.init).hasSlots) return false;
    if (isSlotMap(p)) {
        fillSlotMap(p, config, values);
        return true;
    }
    if (config.init != Initialisation::gradient_descent) return false;
    fillStep(p, config, {*config.init_step}, values);
    return true;
}

}  // namespace

Weights initialWeights(const Model& model, std::uint64_t seed) {
    Weights weights(model.layout().flatSize());
    for (const Parameter& p : model.layout().parameters()) {
        float* values = at(weights, p);
        if (fillFixed(p, model.config(), values)) continue;
        const Distribution d = distributionOf(p, model.config());
        const RandomStream random(seed, p.name);
        for (std::size_t i = 0; i < p.size; ++i) {
            switch (d.kind) {
                case Distribution::Kind::constant:
                    values[i] = static_cast<float>(d.value);
                    break;
                case Distribution::Kind::uniform:
                    values[i] = static_cast<float>(d.value * (2.0 * random.uniform(i) - 1.0));
                    break;
                case Distribution::Kind::normal:
                    values[i] = static_cast<float>(d.value * random.normal(i));
                    break;
            }
        }
    }
    return weights;
}

}  // namespace lab
