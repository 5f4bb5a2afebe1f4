#include "core/model/model.h"

#include <algorithm>

#include "core/config/layer_config.h"

#include "core/model/network.h"

namespace lab {
namespace {

void addBlocks(std::vector<AttentionBlock>& blocks, const ModelConfig& config, Side side) {
    const std::string name(nameOf(side));
    const bool withCross = side == Side::decoder && config.crossAttends();
    const int slots = config.hasBottleneck() ? config.bottleneck.shape().slotCount : 0;
    int number = 0;
    for (const LayerConfig& layer : layersOf(config, side)) {
        const std::string prefix = name + "." + std::to_string(number), owner = name + "." + std::to_string(number - layer.keys_back);
        const auto add = [&](const char* what, const LayerConfig& own, bool cross) {
            blocks.push_back({prefix + what, name, number, own.num_heads, own.num_kv_heads, cross, own.visibility, cross ? slots : 0,
                              specOf(own.kernel).rowsSumToOne && !own.differential, (cross ? prefix : owner) + what, own.sink});
        };
        if (specOf(layer.mixer).attends) add(".attention", layer, false);
        if (withCross) add(".cross_attention", crossAttentionOf(layer), true);
        ++number;
    }
}

}  // namespace

Model::Model(const ModelConfig& config)
    : m_config(std::make_unique<const ModelConfig>(config)), m_transposed(std::make_unique<TransposedLayout>()) {
    m_network = std::make_unique<const Network>(LayerBuilder{m_layout, *m_transposed}, config);
    for (const Side side : {Side::encoder, Side::decoder}) addBlocks(m_attentionBlocks, config, side);
}

Model::~Model() = default;

template <class T>
BasicWeights<T> Model::transposedCopy(const BasicWeights<T>& weights) const {
    BasicWeights<T> copy(m_transposed->size());
    m_transposed->update(kernels<T>(), weights.data(), copy.data(), 0, weights.size());
    return copy;
}

template BasicWeights<float> Model::transposedCopy(const BasicWeights<float>&) const;
template BasicWeights<double> Model::transposedCopy(const BasicWeights<double>&) const;

std::vector<int> predictions(const Trace& trace) {
    const Tensor& logits = trace.at("logits");
    const std::int64_t classes = logits.extent(1);
    std::vector<int> result;
    for (auto row = logits.values.begin(); row != logits.values.end(); row += classes)
        result.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
    return result;
}

}  // namespace lab
