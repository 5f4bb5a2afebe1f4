#include "core/config/layer_cost.h"

namespace lab {
namespace {

double queryWidth(const LayerConfig& layer) {
    return double{1} * layer.num_heads * layer.head_dim;
}

double keyWidth(const LayerConfig& layer) {
    return double{1} * layer.num_kv_heads * layer.head_dim;
}

/// Of a token, in form latent.
double latentNumbers(const LayerConfig& layer) {
    return layer.latent_dim + sharedKeyChannels(layer);
}

/// Random features that each number of a query or a key is multiplied for.
int drawn(const LayerConfig& layer) {
    return specOf(layer.kernel).drawn ? layer.features : 0;
}

/// Numbers of a query that a score is made of.
double scoreWidth(const LayerConfig& layer) {
    return specOf(layer.kernel).drawn ? layer.features : layer.head_dim;
}

}  // namespace

double queryProducts(const LayerConfig& layer) {
    const int projections = 1 + specOf(layer.form).ownQuery + layer.gate + (layer.globals_apart > 0);
    const double decay = specOf(layer.kernel).decay == KernelDecay::ofToken ? double{1} * layer.d_model * layer.num_heads : 0;
    return layer.d_model * queryWidth(layer) * projections + queryWidth(layer) * drawn(layer) + decay;
}

double keyProducts(const LayerConfig& layer) {
    const double features = keyWidth(layer) * drawn(layer);
    const double distances = specOf(layer.position.kind).vectors ? layer.d_model * queryWidth(layer) : 0;
    const double more = features + distances + layer.d_model * keyWidth(layer) * (layer.globals_apart > 0 ? 2 : 0);
    if (layer.keys_back > 0) return more;
    if (!specOf(layer.form).latent) return layer.d_model * keyWidth(layer) * (1 + specOf(layer.form).ownValue) + more;
    const double madeOfLatent = queryWidth(layer) + double{1} * layer.num_heads * (layer.head_dim - sharedKeyChannels(layer));
    return layer.d_model * latentNumbers(layer) + layer.latent_dim * madeOfLatent + more;
}

double feedForwardProducts(const LayerConfig& layer) {
    const double inputs = layer.d_model + layer.looked_up, projections = specOf(layer.activation).gated ? 2 : 1;
    const double net = layer.d_ff * (inputs * projections + layer.d_model);
    return layer.experts > 0 ? layer.chosen * net + double{1} * layer.d_model * layer.experts : net;
}

double pairProducts(const LayerConfig& layer) {
    const double ofDistance = specOf(layer.position.kind).vectors ? queryWidth(layer) : 0;
    return layer.num_heads * scoreWidth(layer) + queryWidth(layer) + ofDistance;
}

double mixingProducts(const LayerConfig& layer) {
    return specOf(layer.mixer).attends ? 0 : feedForwardProducts(mixingOf(layer));
}

double cachedNumbers(const LayerConfig& layer) {
    if (specOf(layer.kernel).decays() || layer.keys_back > 0) return 0;
    if (specOf(layer.form).latent) return latentNumbers(layer);
    return keyWidth(layer) * (1 + specOf(layer.form).ownValue);
}

bool hasRunningState(const LayerConfig& layer) {
    return specOf(layer.kernel).features && layer.visibility.isPlain();
}

double stateNumbers(const LayerConfig& layer) {
    if (specOf(layer.kernel).decays()) return queryWidth(layer) * layer.head_dim;
    if (layer.keys_back > 0 && !specOf(layer.kernel).drawn) return 0;  // the same features of the same keys
    return hasRunningState(layer) ? layer.num_kv_heads * scoreWidth(layer) * (layer.head_dim + 1) : 0;
}

double stateProducts(const LayerConfig& layer) {
    return hasRunningState(layer) ? (layer.num_kv_heads + layer.num_heads) * scoreWidth(layer) * (layer.head_dim + 1) : 0;
}

double answerProducts(const ModelConfig& model) {
    const OutputSpec& output = specOf(model.output.kind);
    const double d = model.d_model;
    const double inner = model.output.kind == OutputKind::masked_word ? model.embedding_dim.value_or(model.d_model) : d;
    return (output.hidden ? d * inner : 0) + (output.projects ? inner * *model.num_classes : 0);
}

}  // namespace lab
