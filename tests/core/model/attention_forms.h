#pragma once

#include <string>
#include <vector>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "tests/core/patterns/pattern_testing.h"

// Small configurations of attention, family by family.

namespace lab::testing {

struct NamedConfig {
    std::string name;
    ModelConfig config;
};

inline ModelConfig smallConfig() {
    Experiment e;
    e.model.vocab_size = 7;
    e.model.num_classes = 5;
    e.model.max_seq_len = 12;
    e.model.d_model = 12;
    e.model.num_layers = 2;
    e.model.num_heads = 2;
    ModelConfig config = resolved(e).model;
    // Forms change what these are derived from.
    config.head_dim.reset();
    config.embedding_dim.reset();
    config.attention.bias.reset();
    config.feed_forward.bias.reset();
    return config;
}

inline NamedConfig changed(const std::string& name, void (*change)(ModelConfig&), ModelConfig config = smallConfig()) {
    change(config);
    return {name, config};
}

inline ModelConfig llamaLike() {
    ModelConfig c = smallConfig();
    c.architecture = Architecture::decoder;
    c.d_model = 16;
    c.num_heads = 4;
    c.num_kv_heads = 2;
    c.position.kind = PositionKind::rope;
    c.norm = {NormKind::rms, NormPlacement::pre, 1e-6};
    c.feed_forward.activation = Activation::swiglu;
    c.bias = false;
    c.output = {OutputKind::linear, false, false, LossKind::cross_entropy};
    return c;
}

/// Who shares what, and what is done to queries, keys and the diagonal.
inline std::vector<NamedConfig> sharedAndNormalisedForms() {
    return {
        changed("q+kv", [](ModelConfig& c) { c.attention.form = AttentionForm::q_kv; }),
        changed("q+kv linear causal, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::q_kv;
                    c.attention.kernel.kind = KernelKind::linear;
                    c.attention.mask_diagonal = true;
                    c.architecture = Architecture::decoder;
                }),
        changed(
            "q+kv gqa rope qk_norm",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::q_kv;
                c.attention.qk_norm = true;
                c.bias = true;
            },
            llamaLike()),
        changed(
            "llama gqa qk_norm", [](ModelConfig& c) { c.attention.qk_norm = true; }, llamaLike()),
        changed("kv rope qk_norm",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv;
                    c.attention.qk_norm = true;
                    c.position.kind = PositionKind::rope;
                }),
        changed("kv+pos qk_norm window, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv_pos;
                    c.attention.qk_norm = true;
                    c.attention.mask_diagonal = true;
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                }),
        changed("linear kernel kv qk_norm",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::linear;
                    c.attention.form = AttentionForm::kv;
                    c.attention.qk_norm = true;
                }),
        changed("k", [](ModelConfig& c) { c.attention.form = AttentionForm::k; }),
        changed("k, no bias, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::k;
                    c.attention.mask_diagonal = true;
                    c.bias = false;
                }),
        changed("decoder k rope qk_norm window",
                [](ModelConfig& c) {
                    c.architecture = Architecture::decoder;
                    c.attention.form = AttentionForm::k;
                    c.attention.qk_norm = true;
                    c.attention.pattern = {"sliding-window", {{"window", 3}}};
                    c.position.kind = PositionKind::rope;
                }),
        changed("encoder-decoder k linear kernel",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.attention.form = AttentionForm::k;
                    c.attention.kernel.kind = KernelKind::linear;
                }),
        changed("kv, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv;
                    c.attention.mask_diagonal = true;
                }),
        changed("encoder-decoder q+kv qk_norm alibi, diagonal masked",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.attention.form = AttentionForm::q_kv;
                    c.attention.qk_norm = true;
                    c.attention.mask_diagonal = true;
                    c.position.kind = PositionKind::alibi;
                }),
    };
}

/// Keys and values made of one short vector a token, with and without channels that turn.
inline std::vector<NamedConfig> latentForms() {
    return {
        changed("latent",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::latent;
                    c.attention.latent_dim = 5;
                }),
        changed("latent rope interleaved causal, some channels",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::latent;
                    c.attention.latent_dim = 3;
                    c.architecture = Architecture::decoder;
                    c.position.kind = PositionKind::rope;
                    c.position.rope.dims = 4;
                    c.position.rope.pairing = RopePairing::interleaved;
                }),
        changed(
            "latent rope qk_norm, some channels",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::latent;
                c.attention.latent_dim = 7;
                c.attention.qk_norm = true;
                c.num_heads = c.num_kv_heads.emplace(2);
                c.position.rope.dims = 2;
            },
            llamaLike()),
        changed("latent rope window, all channels",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::latent;
                    c.attention.latent_dim = 4;
                    c.position.kind = PositionKind::rope;
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                }),
        changed(
            "rope, some channels", [](ModelConfig& c) { c.position.rope.dims = 2; }, llamaLike()),
    };
}

/// Each pattern of the table, those to come included, but for those that keep gradients back (segmentForms).
inline std::vector<NamedConfig> patternForms() {
    std::vector<NamedConfig> forms;
    for (const PatternSpec* row : PatternSpec::table())
        for (const bool decoder : {false, true}) {
            if (row->detached || (decoder && row->wantsWholeSequence) || (!decoder && row->wantsCausal)) continue;
            ModelConfig c = smallConfig();
            c.attention.pattern = smallPattern(row->name);
            c.attention.mask_diagonal = decoder;
            if (row->hashes) c.attention.form = AttentionForm::kv;
            const bool causal = decoder && !row->wantsWholeSequence;
            if (causal) c.architecture = Architecture::decoder;
            forms.push_back({"pattern " + std::string(row->name) + (causal ? " causal" : "") + (decoder ? ", diagonal masked" : ""), c});
        }
    return forms;
}

/// Reformer's shared queries and keys, and keys of length 1 of other forms.
inline std::vector<NamedConfig> unitKeyForms() {
    return {
        changed("unit keys", [](ModelConfig& c) { c.attention.unit_keys = true; }),
        changed("reformer encoder",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv;
                    c.attention.unit_keys = true;
                    c.attention.mask_diagonal = true;
                    c.attention.pattern = {"lsh", {{"buckets", 4}, {"rounds", 2}, {"chunk", 2}, {"seed", 3}}};
                }),
        changed("reformer decoder of one projection, rope qk_norm",
                [](ModelConfig& c) {
                    c.architecture = Architecture::decoder;
                    c.attention.form = AttentionForm::k;
                    c.attention.unit_keys = true;
                    c.attention.qk_norm = true;
                    c.attention.mask_diagonal = true;
                    c.attention.pattern = {"lsh", {{"buckets", 4}, {"rounds", 3}, {"chunk", 2}, {"seed", 5}}};
                    c.attention.full_every = 2;
                    c.position.kind = PositionKind::rope;
                }),
        changed(
            "unit keys gqa rope linear kernel",
            [](ModelConfig& c) {
                c.attention.unit_keys = true;
                c.attention.kernel.kind = KernelKind::linear;
            },
            llamaLike()),
        changed("unit keys kv+pos alibi",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv_pos;
                    c.attention.unit_keys = true;
                    c.position.kind = PositionKind::alibi;
                }),
        changed("unit keys kv product decoder",
                [](ModelConfig& c) {
                    c.architecture = Architecture::decoder;
                    c.attention.form = AttentionForm::kv;
                    c.attention.unit_keys = true;
                    c.attention.kernel.kind = KernelKind::product;
                }),
        changed("encoder-decoder with lsh, more buckets than tokens",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.attention.form = AttentionForm::kv;
                    c.attention.unit_keys = true;
                    c.attention.pattern = {"lsh", {{"buckets", 64}, {"rounds", 1}, {"chunk", 100}, {"seed", 1}}};
                }),
    };
}

/// Longformer's first queries with projections of their own.
inline std::vector<NamedConfig> globalProjectionForms() {
    return {
        changed("longformer of global projections",
                [](ModelConfig& c) {
                    c.attention.pattern = {"longformer", {{"window", 1}, {"globals", 2}}};
                    c.attention.global_projections = true;
                }),
        changed(
            "longformer decoder of global projections, gqa rope, every second layer full",
            [](ModelConfig& c) {
                c.attention.pattern = {"longformer", {{"window", 2}, {"globals", 4}}};
                c.attention.global_projections = true;
                c.attention.full_every = 2;
                c.num_layers = 3;
                c.num_decoder_layers = 3;
            },
            llamaLike()),
        changed("global projections, pre-norm, relative bias soft cap sink gate",
                [](ModelConfig& c) {
                    c.attention.pattern = {"longformer", {{"window", 1}, {"globals", 3}}};
                    c.attention.global_projections = true;
                    c.norm.placement = NormPlacement::pre;
                    c.position.kind = PositionKind::relative_bias;
                    c.attention.soft_cap = 1.5;
                    c.attention.sink = c.attention.gate = true;
                }),
        changed("encoder-decoder of global projections, more than tokens, alibi, diagonal masked",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.attention.pattern = {"longformer", {{"window", 0}, {"globals", 50}}};
                    c.attention.global_projections = true;
                    c.attention.mask_diagonal = true;
                    c.position.kind = PositionKind::alibi;
                }),
    };
}

/// Local and global layers in turn.
inline std::vector<NamedConfig> alternatingForms() {
    return {
        changed("each second layer sees all",
                [](ModelConfig& c) {
                    c.attention.pattern = {"sliding-window", {{"window", 1}}};
                    c.attention.full_every = 2;
                }),
        changed(
            "decoder of three layers, the third sees all",
            [](ModelConfig& c) {
                c.num_layers = 3;
                c.num_decoder_layers = 3;
                c.attention.pattern = {"dilated", {{"window", 1}, {"dilation", 2}}};
                c.attention.full_every = 3;
            },
            llamaLike()),
        changed("encoder-decoder whose every second layer sees all",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 2;
                    c.attention.pattern = {"blocks", {{"block", 2}}};
                    c.attention.full_every = 2;
                }),
    };
}

/// What a construction by hand leaves out: norms, feed-forward layers, the softmax.
inline std::vector<NamedConfig> plainForms() {
    return {
        changed("no norm", [](ModelConfig& c) { c.norm.kind = NormKind::none; }),
        changed("no norm, pre, encoder-decoder",
                [](ModelConfig& c) {
                    c.norm = {NormKind::none, NormPlacement::pre, 1e-5};
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                }),
        changed("no feed-forward", [](ModelConfig& c) { c.d_ff = 0; }),
        changed("no feed-forward, pre-norm decoder",
                [](ModelConfig& c) {
                    c.d_ff = 0;
                    c.norm.placement = NormPlacement::pre;
                    c.architecture = Architecture::decoder;
                }),
        changed("product kernel", [](ModelConfig& c) { c.attention.kernel.kind = KernelKind::product; }),
        changed(
            "product kernel causal gqa rope qk_norm",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::product;
                c.attention.qk_norm = true;
            },
            llamaLike()),
        changed("product kernel kv window, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::product;
                    c.attention.form = AttentionForm::kv;
                    c.attention.mask_diagonal = true;
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                }),
    };
}

/// Drawn features both ways, with all that queries and keys can go through, and hidden keys.
inline std::vector<NamedConfig> performerForms() {
    return {
        changed("performer",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::performer;
                    c.attention.features = 9;  // two blocks of right angles, the second one short
                }),
        changed("performer causal",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::performer;
                    c.attention.features = 5;
                    c.architecture = Architecture::decoder;
                }),
        changed("performer kv rope",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::performer;
                    c.attention.features = 8;
                    c.attention.form = AttentionForm::kv;
                    c.position.kind = PositionKind::rope;
                }),
        changed(
            "performer causal gqa rope qk_norm",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::performer;
                c.attention.features = 20;
                c.attention.feature_seed = 7;
                c.attention.qk_norm = true;
            },
            llamaLike()),
        changed("performer causal q+kv window, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::performer;
                    c.attention.features = 9;
                    c.attention.form = AttentionForm::q_kv;
                    c.attention.mask_diagonal = true;
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                    c.architecture = Architecture::decoder;
                }),
        changed("performer encoder-decoder",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::performer;
                    c.attention.features = 6;
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                }),
    };
}

/// Weights that fade by a head's own number and by a learned one.
inline std::vector<NamedConfig> fadingForms() {
    std::vector<NamedConfig> forms{
        changed("retention kv qk_norm",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::retention;
                    c.attention.form = AttentionForm::kv;
                    c.attention.qk_norm = true;
                    c.architecture = Architecture::decoder;
                }),
        changed("gated-linear, no positions",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::gated_linear;
                    c.position.kind = PositionKind::none;
                    c.architecture = Architecture::decoder;
                }),
        changed("retention kv, unit keys",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::retention;
                    c.attention.form = AttentionForm::kv;
                    c.attention.unit_keys = true;
                    c.architecture = Architecture::decoder;
                }),
        changed(
            "gated-linear gqa rope qk_norm, unit keys",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::gated_linear;
                c.attention.unit_keys = true;
                c.attention.qk_norm = true;
            },
            llamaLike()),
        changed(
            "retention q+kv gqa rope qk_norm",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::retention;
                c.attention.form = AttentionForm::q_kv;
                c.attention.qk_norm = true;
            },
            llamaLike()),
    };
    for (const KernelKind kernel : {KernelKind::retention, KernelKind::gated_linear}) {
        ModelConfig c = llamaLike();
        c.attention.kernel.kind = kernel;
        forms.push_back({std::string(nameOf(kernel)) + " gqa rope", c});
    }
    return forms;
}

inline std::vector<NamedConfig> kernelForms() {
    std::vector<NamedConfig> forms = performerForms();
    for (NamedConfig& form : fadingForms()) forms.push_back(std::move(form));
    return forms;
}

/// What stands between scores, weights and the heads' outputs, alone and together.
inline std::vector<NamedConfig> scoreForms() {
    const auto bucketed = [](ModelConfig c) {
        c.position.kind = PositionKind::relative_bias;
        c.position.buckets = 6;
        c.position.max_distance = 5;
        return c;
    };
    const auto allAtOnce = [](ModelConfig& c) {
        c.attention.soft_cap = 1.5;
        c.attention.sink = c.attention.gate = true;
    };
    return {
        changed(
            "relative bias", [](ModelConfig&) {}, bucketed(smallConfig())),
        changed(
            "relative bias causal gqa qk_norm", [](ModelConfig& c) { c.attention.qk_norm = true; }, bucketed(llamaLike())),
        changed(
            "relative bias kv, encoder-decoder",
            [](ModelConfig& c) {
                c.architecture = Architecture::encoder_decoder;
                c.num_decoder_layers = 2;
                c.attention.form = AttentionForm::kv;
                c.attention.dropout = 0.3;
            },
            bucketed(smallConfig())),
        changed(
            "soft cap rope gqa", [](ModelConfig& c) { c.attention.soft_cap = 1; }, llamaLike()),
        changed("differential", [](ModelConfig& c) { c.attention.differential = true; }),
        changed(
            "differential gate soft cap rope qk_norm causal window",
            [](ModelConfig& c) {
                c.attention.differential = c.attention.gate = c.attention.qk_norm = true;
                c.attention.soft_cap = 2;
                c.num_kv_heads = c.num_heads;
                c.attention.pattern = {"sliding-window", {{"window", 3}}};
            },
            llamaLike()),
        changed("differential kv relative bias, encoder-decoder",
                [](ModelConfig& c) {
                    c.attention.differential = true;
                    c.attention.form = AttentionForm::kv;
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 2;
                }),
        changed("sink", [](ModelConfig& c) { c.attention.sink = true; }),
        changed("sink kv+pos causal",
                [](ModelConfig& c) {
                    c.attention.sink = true;
                    c.attention.form = AttentionForm::kv_pos;
                    c.architecture = Architecture::decoder;
                }),
        changed("sink longformer, diagonal masked",
                [](ModelConfig& c) {
                    c.attention.sink = true;
                    c.attention.mask_diagonal = true;
                    c.attention.pattern = {"longformer", {{"window", 1}, {"globals", 1}}};
                }),
        changed(
            "gate, swiglu gqa rope", [](ModelConfig& c) { c.attention.gate = true; }, llamaLike()),
        changed("gate linear kernel causal, attention dropout",
                [](ModelConfig& c) {
                    c.attention.gate = true;
                    c.attention.dropout = 0.4;
                    c.attention.kernel.kind = KernelKind::linear;
                    c.architecture = Architecture::decoder;
                }),
        changed("gate product kernel, attention dropout",
                [](ModelConfig& c) {
                    c.attention.gate = true;
                    c.attention.dropout = 0.2;
                    c.attention.kernel.kind = KernelKind::product;
                }),
        changed("soft cap sink gate, kv+pos alibi causal window",
                [](ModelConfig& c) {
                    c.attention.soft_cap = 2;
                    c.attention.sink = c.attention.gate = true;
                    c.attention.form = AttentionForm::kv_pos;
                    c.position.kind = PositionKind::alibi;
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                    c.architecture = Architecture::decoder;
                }),
        changed("relative bias soft cap sink gate", allAtOnce, bucketed(smallConfig())),
        changed(
            "relative bias soft cap sink gate, encoder-decoder pre gqa, attention dropout",
            [](ModelConfig& c) {
                c.attention.soft_cap = 1.5;
                c.attention.sink = c.attention.gate = true;
                c.attention.dropout = 0.3;
                c.architecture = Architecture::encoder_decoder;
                c.num_decoder_layers = 1;
            },
            bucketed(llamaLike())),
    };
}

/// Queries that are compared with distances, and heads that learn how far they look.
inline std::vector<NamedConfig> reachForms() {
    const auto spanned = [](ModelConfig& c) {
        c.attention.span = true;
        c.attention.max_span = 9;
        c.attention.span_ramp = 2.5;
        c.attention.span_penalty = 0.2;
    };
    const auto spannedSmall = [&] {
        ModelConfig c = smallConfig();
        spanned(c);
        return c;
    };
    const auto spannedLlama = [&] {
        ModelConfig c = llamaLike();
        spanned(c);
        return c;
    };
    return {
        changed("relative", [](ModelConfig& c) { c.position.kind = PositionKind::relative; }),
        changed(
            "relative causal gqa qk_norm",
            [](ModelConfig& c) {
                c.position.kind = PositionKind::relative;
                c.attention.qk_norm = true;
            },
            llamaLike()),
        changed("relative kv, odd d_model, encoder-decoder",
                [](ModelConfig& c) {
                    c.d_model = 15;
                    c.num_heads = c.num_kv_heads.emplace(3);
                    c.position.kind = PositionKind::relative;
                    c.attention.form = AttentionForm::kv;
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                }),
        changed("relative kv+pos soft cap, attention dropout",
                [](ModelConfig& c) {
                    c.position.kind = PositionKind::relative;
                    c.attention.form = AttentionForm::kv_pos;
                    c.attention.soft_cap = 2;
                    c.attention.dropout = 0.3;
                }),
        changed(
            "span", [](ModelConfig&) {}, spannedSmall()),
        changed(
            "span causal gqa rope", [](ModelConfig&) {}, spannedLlama()),
        changed(
            "span q+kv sink causal, learned positions",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::q_kv;
                c.attention.sink = true;
                c.position.kind = PositionKind::learned;
                c.architecture = Architecture::decoder;
            },
            spannedSmall()),
        changed(
            "span kv alibi causal window",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::kv;
                c.attention.pattern = {"sliding-window", {{"window", 4}}};
                c.position.kind = PositionKind::alibi;
                c.architecture = Architecture::decoder;
            },
            spannedSmall()),
        changed(
            "span latent",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::latent;
                c.attention.latent_dim = 5;
            },
            spannedSmall()),
        changed(
            "span latent causal rope window",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::latent;
                c.attention.latent_dim = 4;
                c.attention.pattern = {"sliding-window", {{"window", 5}}};
                c.num_kv_heads = c.num_heads;
                c.position.rope.dims = 2;
            },
            spannedLlama()),
        changed(
            "span relative soft cap, encoder-decoder pre",
            [](ModelConfig& c) {
                c.attention.soft_cap = 2;
                c.position.kind = PositionKind::relative;
                c.architecture = Architecture::encoder_decoder;
                c.num_decoder_layers = 1;
            },
            spannedLlama()),
    };
}

/// Layers that read the keys and values of another layer, by every training kernel: opened in Explain on the way forward alone.
inline std::vector<NamedConfig> sharedKeyForms() {
    const auto shared = [](ModelConfig c, int layers, int together) {
        c.num_layers = c.num_decoder_layers.emplace(layers);
        c.attention.share_kv = together;
        return c;
    };
    return {
        changed(
            "shared keys", [](ModelConfig&) {}, shared(smallConfig(), 2, 2)),
        changed(
            "shared keys of two and one, causal", [](ModelConfig& c) { c.architecture = Architecture::decoder; },
            shared(smallConfig(), 3, 2)),
        changed(
            "shared keys of three, gqa rope", [](ModelConfig&) {}, shared(llamaLike(), 4, 3)),
        changed(
            "shared keys mqa rope qk_norm, bias",
            [](ModelConfig& c) {
                c.num_kv_heads = 1;
                c.attention.qk_norm = true;
                c.bias = true;
            },
            shared(llamaLike(), 4, 2)),
        changed(
            "shared keys q+kv rope qk_norm causal",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::q_kv;
                c.attention.qk_norm = true;
            },
            shared(llamaLike(), 3, 3)),
        changed(
            "shared keys q+kv, window, the second of each group sees all",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::q_kv;
                c.attention.pattern = {"sliding-window", {{"window", 1}}};
                c.attention.full_every = 2;
            },
            shared(smallConfig(), 4, 2)),
        changed(
            "shared keys causal window, the first of a group sees all",
            [](ModelConfig& c) {
                c.attention.pattern = {"sliding-window", {{"window", 1}}};
                c.attention.full_every = 3;
            },
            shared(llamaLike(), 5, 2)),
        changed(
            "shared keys causal window",
            [](ModelConfig& c) {
                c.attention.pattern = {"sliding-window", {{"window", 2}}};
            },
            shared(llamaLike(), 3, 3)),
        changed(
            "shared keys linear kernel", [](ModelConfig& c) { c.attention.kernel.kind = KernelKind::linear; }, shared(smallConfig(), 2, 2)),
        changed(
            "shared keys linear kernel q+kv causal gqa rope",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::linear;
                c.attention.form = AttentionForm::q_kv;
            },
            shared(llamaLike(), 2, 2)),
        changed(
            "shared keys performer causal gqa rope qk_norm",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::performer;
                c.attention.features = 9;
                c.attention.qk_norm = true;
            },
            shared(llamaLike(), 3, 2)),
        changed(
            "shared keys of three, product kernel, diagonal masked",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::product;
                c.attention.mask_diagonal = true;
            },
            shared(smallConfig(), 3, 3)),
        changed(
            "shared keys sink soft cap gate, alibi causal",
            [](ModelConfig& c) {
                c.attention.soft_cap = 1.5;
                c.attention.sink = c.attention.gate = true;
                c.position.kind = PositionKind::alibi;
                c.architecture = Architecture::decoder;
            },
            shared(smallConfig(), 3, 2)),
        changed(
            "shared keys relative, unit keys, attention dropout",
            [](ModelConfig& c) {
                c.position.kind = PositionKind::relative;
                c.attention.unit_keys = true;
                c.attention.dropout = 0.3;
            },
            shared(llamaLike(), 3, 2)),
        changed(
            "shared keys span causal q+kv",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::q_kv;
                c.attention.span = true;
                c.attention.max_span = 9;
                c.attention.span_ramp = 2.5;
                c.attention.span_penalty = 0.2;
            },
            shared(llamaLike(), 3, 3)),
        changed(
            "shared keys of both sides, relative bias",
            [](ModelConfig& c) {
                c.architecture = Architecture::encoder_decoder;
                c.position.kind = PositionKind::relative_bias;
                c.position.buckets = 6;
                c.position.max_distance = 5;
            },
            shared(smallConfig(), 2, 2)),
        changed(
            "shared keys, experts, dropped layers",
            [](ModelConfig& c) {
                c.feed_forward = {Activation::gelu, {}, FeedForwardKind::experts, 3, 2, 0.2};
                c.layer_dropout = 0.4;
            },
            shared(smallConfig(), 2, 2)),
    };
}

/// Segments of a stream: what the memory gives has no gradient, which is no slope then.
inline std::vector<NamedConfig> segmentForms() {
    const auto cut = [](ModelConfig c, int segment, int memory) {
        c.architecture = Architecture::decoder;
        c.attention.pattern = {"segments", {{"segment", static_cast<double>(segment)}, {"memory", static_cast<double>(memory)}}};
        return c;
    };
    return {
        changed(
            "segments", [](ModelConfig&) {}, cut(smallConfig(), 3, 2)),
        changed(
            "segments relative", [](ModelConfig& c) { c.position.kind = PositionKind::relative; }, cut(smallConfig(), 4, 4)),
        changed(
            "segments relative gqa qk_norm",
            [](ModelConfig& c) {
                c.position.kind = PositionKind::relative;
                c.attention.qk_norm = true;
            },
            cut(llamaLike(), 2, 5)),
        changed(
            "segments kv relative, diagonal masked, sink",
            [](ModelConfig& c) {
                c.position.kind = PositionKind::relative;
                c.attention.form = AttentionForm::kv;
                c.attention.mask_diagonal = c.attention.sink = true;
            },
            cut(smallConfig(), 3, 3)),
        changed(
            "segments without memory, q+kv rope gqa", [](ModelConfig& c) { c.attention.form = AttentionForm::q_kv; },
            cut(llamaLike(), 3, 0)),
        changed(
            "segments linear kernel, gate",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::linear;
                c.attention.gate = true;
            },
            cut(smallConfig(), 3, 4)),
        changed(
            "segments latent rope qk_norm, some channels",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::latent;
                c.attention.latent_dim = 5;
                c.attention.qk_norm = true;
                c.num_heads = c.num_kv_heads.emplace(2);
                c.position.rope.dims = 2;
            },
            cut(llamaLike(), 3, 4)),
        changed(
            "segments latent rope",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::latent;
                c.attention.latent_dim = 4;
                c.num_kv_heads = c.num_heads;
                c.position.rope.dims = 2;
            },
            cut(llamaLike(), 3, 2)),
        changed(
            "segments latent relative span",
            [](ModelConfig& c) {
                c.attention.form = AttentionForm::latent;
                c.attention.latent_dim = 5;
                c.position.kind = PositionKind::relative;
                c.attention.span = true;
                c.attention.max_span = 6;
                c.attention.span_ramp = 2;
                c.attention.span_penalty = 0.1;
            },
            cut(smallConfig(), 4, 3)),
        changed(
            "segments performer q+kv",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::performer;
                c.attention.features = 9;
                c.attention.form = AttentionForm::q_kv;
            },
            cut(smallConfig(), 3, 4)),
        changed(
            "segments kv+pos", [](ModelConfig& c) { c.attention.form = AttentionForm::kv_pos; }, cut(smallConfig(), 3, 2)),
        changed(
            "segments span relative",
            [](ModelConfig& c) {
                c.position.kind = PositionKind::relative;
                c.attention.span = true;
                c.attention.max_span = 6;
                c.attention.span_ramp = 2;
                c.attention.span_penalty = 0.1;
            },
            cut(smallConfig(), 4, 3)),
    };
}

}  // namespace lab::testing
