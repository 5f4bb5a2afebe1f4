#include "core/incontext/layer_maps.h"

#include "core/config/model_config.h"

namespace lab {

MapMatrix matrixOf(const Model& model, const Weights& weights, const std::string& name) {
    const Parameter* parameter = model.layout().find(name);
    if (!parameter) return {};
    const int rows = parameter->isMatrix() ? parameter->shape.front() : 1;
    MapMatrix matrix(rows, parameter->shape.back());
    std::copy_n(at(weights, *parameter), parameter->size, matrix.data());
    return matrix;
}

StreamProducts streamProducts(const Model& model, const Weights& weights, const AttentionBlock& block, int head) {
    const auto part = [&](const char* name) { return matrixOf(model, weights, block.name + "." + name + ".weight"); };
    const int width = model.config().headDim(), keyHead = head / (block.heads / block.kvHeads);
    const MapMatrix query = part("query").middleRows(head * width, width), key = part("key").middleRows(keyHead * width, width),
                    value = part("value").middleRows(keyHead * width, width), output = part("output").middleCols(head * width, width);
    return {key.transpose() * query, output * value};
}

Message whyNotProducts(const ModelConfig& config) {
    const FormSpec& form = specOf(config.attention.form);
    if (!config.attends() || config.architecture != Architecture::encoder)
        return LAB_TEXT("incontext", "its products are read off an encoder of attention");
    if (!specOf(config.attention.kernel.kind).plainProduct())
        return LAB_TEXT("incontext", "its weights of attention are no plain products, so that two matrices are not all that it does");
    if (!form.ownQuery || !form.ownValue || config.attention.qk_norm || config.attention.unit_keys || config.sharesKeys())
        return LAB_TEXT("incontext", "its queries, keys and values are not three linear maps of their own");
    if (specOf(config.norm.kind).normalises || config.hasFeedForward())
        return LAB_TEXT("incontext", "a norm or a feed-forward layer stands between its layers of attention");
    if (config.position.kind != PositionKind::none || config.bias || config.embedding_bias || config.class_token)
        return LAB_TEXT("incontext", "positions, biases or a class token add to what its products do");
    if (config.output.kind != OutputKind::linear) return LAB_TEXT("incontext", "its answer is not read off by one linear map");
    return {};
}

}  // namespace lab
