#include "core/model/model.h"

#include <algorithm>

#include "core/model/network.h"

namespace lab {
namespace {

void addBlocks(std::vector<AttentionBlock>& blocks, const ModelConfig& config, const std::string& side, int layers, bool withCross) {
    const bool causal = side == "decoder";
    for (int layer = 0; layer < layers; ++layer) {
        const std::string prefix = side + "." + std::to_string(layer);
        blocks.push_back({prefix + ".attention", side, layer, config.num_heads, *config.num_kv_heads, false, causal});
        if (withCross) blocks.push_back({prefix + ".cross_attention", side, layer, config.num_heads, *config.num_kv_heads, true, false});
    }
}

}  // namespace

Model::Model(const ModelConfig& config) : m_config(config), m_transposed(std::make_unique<TransposedLayout>()) {
    m_network = std::make_unique<const Network>(LayerBuilder{m_layout, *m_transposed}, config);
    if (config.architecture != Architecture::decoder) addBlocks(m_attentionBlocks, config, "encoder", config.num_layers, false);
    if (config.architecture == Architecture::decoder) addBlocks(m_attentionBlocks, config, "decoder", config.num_layers, false);
    if (config.architecture == Architecture::encoder_decoder)
        addBlocks(m_attentionBlocks, config, "decoder", *config.num_decoder_layers, true);
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
