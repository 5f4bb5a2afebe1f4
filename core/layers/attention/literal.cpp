#include "core/layers/attention/literal.h"

#include "core/layers/attention/score_stage.h"

namespace lab {
namespace {

int stageCount(const LayerConfig& layer) {
    ParameterLayout layout;
    TransposedLayout transposed;
    return static_cast<int>(scoreStagesOf({layout, transposed}, {}, layer).size());
}

}  // namespace

bool trainsLiterally(const LayerConfig& layer) {
    const KernelSpec& kernel = specOf(layer.kernel);
    if (kernel.decays() || (kernel.drawn && !layer.visibility.isPlain())) return true;
    if (layer.unit_keys || layer.globals_apart > 0 || layer.visibility.hashes() || layer.visibility.detaches()) return true;
    return layer.sink || layer.differential || layer.weight_dropout > 0 || stageCount(layer) > 0;
}

int mapsKept(const LayerConfig& layer) {
    constexpr int scoresMaskedAndWeights = 3;
    const int decay = specOf(layer.kernel).decays() ? 1 : 0;
    return scoresMaskedAndWeights + decay + stageCount(layer) + (layer.weight_dropout > 0 ? 1 : 0) + (layer.differential ? 1 : 0);
}

}  // namespace lab
