#pragma once

#include "tests/core/model/attention_forms.h"

// What published models have: as BERT, ALBERT, GPT-NeoX, Qwen2, Qwen3 and SmolLM3 are built, and each of their ideas alone.

namespace lab::testing {

inline void ends(ModelConfig& c, int segments) {
    c.segments = segments;
    c.segment_end = 2;
}

inline std::vector<NamedConfig> embeddingForms() {
    return {
        changed("two segments", [](ModelConfig& c) { ends(c, 2); }),
        changed("three segments, normed embedding, learned positions",
                [](ModelConfig& c) {
                    ends(c, 3);
                    c.embedding_norm = true;
                    c.position.kind = PositionKind::learned;
                }),
        changed("normed embedding rms, causal",
                [](ModelConfig& c) {
                    c.embedding_norm = true;
                    c.norm.kind = NormKind::rms;
                    c.architecture = Architecture::decoder;
                }),
        changed("wider embedding, mapped, encoder-decoder",
                [](ModelConfig& c) {
                    c.embedding_dim = 11;
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                }),
        changed("albert",
                [](ModelConfig& c) {
                    ends(c, 2);
                    c.embedding_dim = 5;
                    c.embedding_norm = true;
                    c.position.kind = PositionKind::learned;
                    c.depth.kind = DepthKind::tied;
                    c.num_layers = 3;
                    c.feed_forward.activation = Activation::gelu_tanh;
                    c.output = {OutputKind::masked_word, true, true, LossKind::cross_entropy, true};
                    c.num_classes = 7;
                }),
    };
}

inline std::vector<NamedConfig> answerForms() {
    return {
        changed("masked word, tied with bias",
                [](ModelConfig& c) {
                    c.feed_forward.activation = Activation::gelu;
                    c.output = {OutputKind::masked_word, true, true, LossKind::cross_entropy, true};
                    c.num_classes = 7;
                }),
        changed("masked word, own projection",
                [](ModelConfig& c) {
                    c.output = {OutputKind::masked_word, false, true, LossKind::cross_entropy};
                }),
        changed("tied with bias",
                [](ModelConfig& c) {
                    c.output = {OutputKind::linear, true, true, LossKind::cross_entropy, true};
                    c.num_classes = 7;
                }),
        changed("quick-gelu", [](ModelConfig& c) { c.feed_forward.activation = Activation::quick_gelu; }),
        changed("relu-squared", [](ModelConfig& c) { c.feed_forward.activation = Activation::relu_squared; }),
    };
}

inline std::vector<NamedConfig> blockForms() {
    return {
        changed("wide heads", [](ModelConfig& c) { c.head_dim = 12; }),
        changed(
            "qwen3",
            [](ModelConfig& c) {
                c.head_dim = 10;
                c.attention.qk_norm = true;
            },
            llamaLike()),
        changed(
            "qwen2",
            [](ModelConfig& c) {
                c.attention.bias = AttentionBias::qkv;
                c.attention.pattern = {"sliding-window", {{"window", 1}}};
                c.attention.full_first = 1;
            },
            llamaLike()),
        changed("biases of the feed-forward layer alone",
                [](ModelConfig& c) {
                    c.attention.bias = AttentionBias::none;
                    c.feed_forward.bias = true;
                }),
        changed("no bias of the feed-forward layer", [](ModelConfig& c) { c.feed_forward.bias = false; }),
        changed(
            "smollm3", [](ModelConfig& c) { c.position.skip_every = 2; }, llamaLike()),
        changed("parallel",
                [](ModelConfig& c) {
                    c.residual = ResidualKind::parallel;
                    c.norm.placement = NormPlacement::pre;
                }),
        changed("neox",
                [](ModelConfig& c) {
                    c.residual = ResidualKind::parallel;
                    c.norm.placement = NormPlacement::pre;
                    c.architecture = Architecture::decoder;
                    c.position.kind = PositionKind::rope;
                    c.position.rope.dims = 2;
                    c.feed_forward.activation = Activation::gelu;
                }),
        changed(
            "parallel rms of experts",
            [](ModelConfig& c) {
                c.residual = ResidualKind::parallel;
                c.feed_forward.kind = FeedForwardKind::experts;
            },
            llamaLike()),
    };
}

inline std::vector<NamedConfig> publishedForms() {
    std::vector<NamedConfig> forms = embeddingForms();
    for (const auto& more : {answerForms(), blockForms()}) forms.insert(forms.end(), more.begin(), more.end());
    return forms;
}

}  // namespace lab::testing
