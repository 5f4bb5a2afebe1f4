#include "core/analysis/positions/permutation.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/random.h"
#include "core/config/layer_config.h"
#include "core/patterns/visibility.h"

namespace lab {
namespace {

ModelConfig withoutPositions(ModelConfig config) {
    config.position = {};
    config.position.kind = PositionKind::none;
    if (config.attention.form == AttentionForm::kv_pos) config.attention.form = AttentionForm::kv;
    return config;
}

/// The parameters that both models have.
Weights carriedOver(const ParameterLayout& from, const Weights& weights, const ParameterLayout& to) {
    Weights result(to.flatSize(), 0.0f);
    for (const Parameter& parameter : to.parameters()) {
        const Parameter* source = from.find(parameter.name);
        assert(source && source->size == parameter.size);
        std::copy_n(at(weights, *source), parameter.size, at(result, parameter));
    }
    return result;
}

/// Those before `first` stay: a class token is at its place by definition.
std::vector<int> shuffled(int first, int n, std::uint64_t seed) {
    std::vector<int> order;
    for (int i = 0; i < n; ++i) order.push_back(i);
    const RandomStream stream(seed, "permutation");
    for (int i = n - 1; i > first; --i)
        std::swap(order[static_cast<std::size_t>(i)],
                  order[static_cast<std::size_t>(first) +
                        stream.below(static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(i + 1 - first))]);
    return order;
}

/// Place i gets what stood at place order[i].
void moveVectors(std::vector<float>& vectors, const std::vector<int>& order, int width) {
    const std::vector<float> before = vectors;
    for (std::size_t i = 0; i < order.size(); ++i)
        std::copy_n(before.begin() + std::ptrdiff_t{order[i]} * width, width, vectors.begin() + static_cast<std::ptrdiff_t>(i) * width);
}

/// Of one layer is enough: what it tells stays in the stream.
bool patternTellsPlacesApart(const ModelConfig& config, int length) {
    const int layers = std::max(config.num_layers, config.num_decoder_layers.value_or(0));
    for (int layer = 0; layer < layers; ++layer)
        if (Visibility(patternOf(config, layer), false, config.attention.mask_diagonal).tellsPlacesApart(length)) return true;
    return false;
}

}  // namespace

PermutationCheck checkPermutation(const Model& model, const Weights& weights, const Input& input, const std::vector<int>& order) {
    assert(order.size() == input.tokens.size());
    TraceRequest logitsOnly;
    logitsOnly.intermediates = false;
    Input moved = input;
    for (std::size_t i = 0; i < order.size(); ++i) moved.tokens[i] = input.tokens[static_cast<std::size_t>(order[i])];
    if (model.config().readsVectors()) moveVectors(moved.vectors, order, *model.config().input_dim);
    moved.targets.clear();
    moved.values.clear();
    const Tensor before = model.trace(weights, input, logitsOnly).at("logits");
    const Tensor after = model.trace(weights, moved, logitsOnly).at("logits");
    const bool placeByPlace = !input.targetTokens.empty();
    const std::int64_t classes = before.extent(1);
    PermutationCheck check;
    for (std::int64_t i = 0; i < after.extent(0); ++i) {
        const std::int64_t from = placeByPlace ? i : order[static_cast<std::size_t>(i)];
        const float* old = before.values.data() + from * classes;
        const float* now = after.values.data() + i * classes;
        PermutationCheck::Row row;
        row.position = static_cast<int>(i);
        row.from = static_cast<int>(from);
        row.token = placeByPlace ? input.targetTokens[static_cast<std::size_t>(i)] : moved.tokens[static_cast<std::size_t>(i)];
        row.answer = static_cast<int>(std::max_element(old, old + classes) - old);
        row.answerAfter = static_cast<int>(std::max_element(now, now + classes) - now);
        row.before = old[row.answer];
        row.after = now[row.answer];
        for (std::int64_t c = 0; c < classes; ++c) {
            row.difference = std::max(row.difference, std::abs(static_cast<double>(now[c]) - old[c]));
            check.largestLogit = std::max(check.largestLogit, std::abs(static_cast<double>(old[c])));
        }
        check.difference = std::max(check.difference, row.difference);
        check.rows.push_back(row);
    }
    return check;
}

PermutationProbe probePermutation(const Model& model, const Weights& weights, const Input& input, std::uint64_t seed) {
    PermutationProbe probe;
    Input plain = input;
    plain.interventions.clear();
    plain.masked.clear();
    probe.order = shuffled(model.config().class_token ? 1 : 0, static_cast<int>(input.tokens.size()), seed);
    probe.own = checkPermutation(model, weights, plain, probe.order);
    const Model bare(withoutPositions(model.config()));
    probe.without = checkPermutation(bare, carriedOver(model.layout(), weights, bare.layout()), plain, probe.order);
    return probe;
}

PositionSources positionSources(const ModelConfig& config, int length) {
    if (!config.attends()) return {.encoding = true};  // each position has weights of its own
    return {config.position.kind != PositionKind::none || specOf(config.attention.form).positionMap,
            config.architecture == Architecture::decoder, patternTellsPlacesApart(config, length)};
}

}  // namespace lab
