#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/base/random.h"
#include "core/explain/twin.h"
#include "core/explain/walk.h"
#include "core/explain/walk_limits.h"
#include "tests/core/model/model_testing.h"
#include "tests/core/model/published_forms.h"

// What the explainer's tests share: a small model of any form with its trace and its twin.

namespace lab::testing {

/// A bottleneck between encoder and decoder: each rule, fewer slots than tokens and more, and what codes cost of their own.
inline std::vector<NamedConfig> codedForms() {
    const auto coded = [](ModelConfig config, BottleneckConfig bottleneck, int decoderLayers) {
        config.architecture = Architecture::encoder_decoder;
        config.num_decoder_layers = decoderLayers;
        config.bottleneck = std::move(bottleneck);
        return config;
    };
    ModelConfig pre = smallConfig(), bare = smallConfig();
    pre.norm.placement = NormPlacement::pre;
    bare.norm.kind = NormKind::none;
    return {
        {"fsq", coded(smallConfig(), {"fsq", {{"slots", 4}, {"levels", 5}}}, 1)},
        {"fsq of even levels, usage, gqa rope", coded(llamaLike(), {"fsq", {{"slots", 4}, {"levels", 4}}, 0.3}, 1)},
        {"bits, no norm", coded(bare, {"bits", {{"count", 7}}}, 1)},
        {"one-hot, usage", coded(smallConfig(), {"one-hot", {{"slots", 4}, {"codes", 3}}, 0.4}, 1)},
        {"gumbel, no bias", coded(llamaLike(), {"gumbel", {{"slots", 5}, {"codes", 3}}}, 1)},
        {"vq, pre-norm", coded(pre, {"vq", {{"slots", 8}, {"codes", 3}, {"dim", 2}}}, 2)},
        {"vq of single numbers, usage", coded(smallConfig(), {"vq", {{"slots", 4}, {"codes", 4}, {"dim", 1}}, 0.2}, 1)},
    };
}

/// A step's row goes through other experts than the same row in another step.
inline std::vector<NamedConfig> tiedExpertForms() {
    const auto tied = [](ModelConfig config, Activation activation, int chosen) {
        config.depth.kind = DepthKind::tied;
        config.num_layers = 3;
        config.feed_forward = {activation, {}, FeedForwardKind::experts, 4, chosen, 0.2};
        return config;
    };
    ModelConfig pre = smallConfig();
    pre.norm.placement = NormPlacement::pre;
    return {
        {"tied experts", tied(smallConfig(), Activation::relu, 2)},
        {"tied experts, one of four, pre-norm swiglu", tied(pre, Activation::swiglu, 1)},
    };
}

/// What models of other programs have, in other company than theirs.
inline std::vector<NamedConfig> streamForms() {
    std::vector<NamedConfig> forms{
        changed("parallel without norms",
                [](ModelConfig& c) {
                    c.residual = ResidualKind::parallel;
                    c.norm = {};
                    c.norm.placement = NormPlacement::pre;
                    c.norm.kind = NormKind::none;
                }),
        changed("narrow embedding, pre-norm rms, masked word of its own",
                [](ModelConfig& c) {
                    c.embedding_dim = 5;
                    c.embedding_norm = true;
                    c.norm.placement = NormPlacement::pre;
                    c.norm.kind = NormKind::rms;
                    c.position.kind = PositionKind::sinusoidal;
                    c.feed_forward.activation = Activation::quick_gelu;
                    c.output = {OutputKind::masked_word, false, true, LossKind::cross_entropy};
                }),
        changed("ALiBi in every other layer, masked word of squares",
                [](ModelConfig& c) {
                    c.position.kind = PositionKind::alibi;
                    c.position.skip_every = 2;
                    c.feed_forward.activation = Activation::relu_squared;
                    c.output = {OutputKind::masked_word, false, true, LossKind::cross_entropy};
                }),
        {"vectors behind a norm", vectorForms().front().config},
    };
    forms.back().config.embedding_norm = true;
    return forms;
}

/// One layer's weights serve all steps, or rows go through layers of their own.
inline bool sharesOrRoutes(const NamedConfig& form) {
    return specOf(form.config.depth.kind).tied || form.config.hasExperts();
}

/// The model's forms, and what else makes a difference on the way back.
inline std::vector<NamedConfig> explainedForms() {
    std::vector<NamedConfig> forms = allForms();
    for (NamedConfig& form : vectorForms()) forms.push_back(std::move(form));
    forms.push_back(changed("post-norm swiglu", [](ModelConfig& c) { c.feed_forward.activation = Activation::swiglu; }));
    forms.push_back(changed("pre-norm layer gelu-tanh", [](ModelConfig& c) {
        c.norm.placement = NormPlacement::pre;
        c.feed_forward.activation = Activation::gelu_tanh;
    }));
    forms.push_back(changed("encoder-decoder pre-norm layer", [](ModelConfig& c) {
        c.architecture = Architecture::encoder_decoder;
        c.num_decoder_layers = 2;
        c.norm.placement = NormPlacement::pre;
    }));
    for (const auto& more : {reachForms(), segmentForms(), unitKeyForms(), globalProjectionForms(), codedForms(), kernelForms()})
        forms.insert(forms.end(), more.begin(), more.end());
    for (const auto& more : {publishedForms(), streamForms()})
        for (const NamedConfig& form : more)
            if (!sharesOrRoutes(form)) forms.push_back(form);
    std::erase_if(forms, [](const NamedConfig& form) { return !explain::whyNoWalk(form.config).empty(); });
    return forms;
}

/// And those whose rows go through layers of their own: experts, steps that share weights, steps as many as each row needs.
inline std::vector<NamedConfig> walkedForms() {
    std::vector<NamedConfig> forms = explainedForms();
    for (const auto& more : {tiedForms(), expertForms(), tiedExpertForms(), haltingForms()})
        forms.insert(forms.end(), more.begin(), more.end());
    for (const NamedConfig& form : publishedForms())
        if (sharesOrRoutes(form)) forms.push_back(form);
    return forms;
}

/// With those that are opened on the way forward alone.
inline std::vector<NamedConfig> formsOpenedForward() {
    std::vector<NamedConfig> forms = walkedForms();
    for (NamedConfig& form : sharedKeyForms())
        if (explain::whyNoWalk(form.config).empty()) forms.push_back(std::move(form));
    return forms;
}

inline bool hasNorms(const ModelConfig& config) {
    return specOf(config.norm.kind).normalises;
}

/// A norm stands before each part; without norms there is no before.
inline bool isPreNorm(const ModelConfig& config) {
    return hasNorms(config) && config.norm.placement == NormPlacement::pre;
}

/// Before the names of tensors and matrices of a block: global projections of the first queries have their own.
inline std::string kindOf(const ModelConfig& config, const AttentionBlock& block, int query) {
    const bool apart = config.attention.global_projections && !block.cross && query < block.visibility.globalsApart();
    return apart ? "global_" : "";
}

struct Subject {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Weights> weights;
    Input input;
    std::shared_ptr<const Trace> trace;
    std::shared_ptr<const explain::DoubleTrace> twin;
    AnswerCost cost = {};
};

inline std::vector<int> tokensOf(int count, int vocabulary, int start) {
    std::vector<int> tokens;
    for (int i = 0; i < count; ++i) tokens.push_back((start + 3 * i + i * i) % vocabulary);
    return tokens;
}

inline Input inputFor(const ModelConfig& config, int length) {
    Input input;
    input.tokens = tokensOf(length, *config.vocab_size, 2);
    const bool twoSides = config.architecture == Architecture::encoder_decoder;
    if (twoSides) input.targetTokens = tokensOf(length - 1, *config.vocab_size, 1);
    input.targets = tokensOf(twoSides ? length - 1 : length, *config.num_classes, 3);
    input.targets[1] = -1;
    giveVectors(config, 5, input);
    return input;
}

inline Subject subjectOf(const ModelConfig& config, const std::function<void(Input&)>& change = {}, const AnswerCost& cost = {}) {
    Subject s;
    s.cost = cost;
    s.model = std::make_shared<const Model>(config);
    Weights weights(s.model->layout().flatSize());
    for (const Parameter& p : s.model->layout().parameters()) {
        const RandomStream random(7, p.name);
        const bool gain = p.role == ParameterRole::normWeight;
        for (std::size_t i = 0; i < p.size; ++i) lab::at(weights, p)[i] = static_cast<float>((gain ? 1.0 : 0.0) + 0.35 * random.normal(i));
    }
    s.weights = std::make_shared<const Weights>(std::move(weights));
    s.input = inputFor(config, 6);
    if (change) change(s.input);
    TraceRequest request;
    request.gradients = true;
    request.cost = cost;
    s.trace = std::make_shared<const Trace>(s.model->trace(*s.weights, s.input, request));
    s.twin = explain::twinTrace(*s.model, *s.weights, s.input, cost);
    return s;
}

inline explain::Question questionOf(const Subject& s, int block, int head, int query, int key) {
    explain::Question q;
    q.block = block;
    q.head = head;
    q.query = query;
    q.key = key;
    q.input = s.input;
    q.answerCost = s.cost;
    q.learningRate = 0.01;
    q.clipNorm = 0.5;
    return q;
}

inline explain::Walk walkOf(const Subject& s, const explain::Question& q) {
    return explain::buildWalk(s.model, s.weights, explain::NumberSource(s.trace), q);
}

}  // namespace lab::testing
