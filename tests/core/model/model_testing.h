#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/model.h"
#include "core/model/network.h"
#include "tests/core/model/attention_forms.h"
#include "tests/core/model/published_forms.h"

// What the model's tests share: small configurations of every form, random weights, uneven batches.

namespace lab::testing {

/// Every idea of attention at least once, alone and in combinations.
inline std::vector<NamedConfig> allForms() {
    std::vector<NamedConfig> forms{
        changed("qkv", [](ModelConfig& c) { c.embedding_bias = true; }),
        changed("kv", [](ModelConfig& c) { c.attention.form = AttentionForm::kv; }),
        changed("kv+pos", [](ModelConfig& c) { c.attention.form = AttentionForm::kv_pos; }),
        changed("kv+pos pos_dim 3, causal",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv_pos;
                    c.attention.pos_dim = 3;
                    c.architecture = Architecture::decoder;
                }),
        changed("kv+pos alibi window",
                [](ModelConfig& c) {
                    c.attention.form = AttentionForm::kv_pos;
                    c.position.kind = PositionKind::alibi;
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                }),
        changed("no bias, one head",
                [](ModelConfig& c) {
                    c.bias = false;
                    c.num_heads = 1;
                    c.num_kv_heads = 1;
                    c.output.bias = false;
                }),
        changed("odd d_model",
                [](ModelConfig& c) {
                    c.d_model = 15;
                    c.num_heads = 3;
                    c.num_kv_heads = 3;
                    c.d_ff = 17;
                }),
        changed("linear kernel", [](ModelConfig& c) { c.attention.kernel.kind = KernelKind::linear; }),
        changed("linear kernel causal",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::linear;
                    c.architecture = Architecture::decoder;
                }),
        changed("linear kernel kv rope",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::linear;
                    c.attention.form = AttentionForm::kv;
                    c.position.kind = PositionKind::rope;
                }),
        changed("linear kernel strided",
                [](ModelConfig& c) {
                    c.attention.kernel.kind = KernelKind::linear;
                    c.attention.pattern = {"strided", {{"window", 1}, {"stride", 3}}};
                }),
        changed("window",
                [](ModelConfig& c) {
                    c.attention.pattern = {"sliding-window", {{"window", 2}}};
                }),
        changed("window 0",
                [](ModelConfig& c) {
                    c.attention.pattern = {"sliding-window", {{"window", 0}}};
                }),
        changed("longformer",
                [](ModelConfig& c) {
                    c.attention.pattern = {"longformer", {{"window", 1}, {"globals", 2}}};
                }),
        changed("longformer causal",
                [](ModelConfig& c) {
                    c.attention.pattern = {"longformer", {{"window", 1}, {"globals", 2}}};
                    c.architecture = Architecture::decoder;
                }),
        changed("strided",
                [](ModelConfig& c) {
                    c.attention.pattern = {"strided", {{"window", 1}, {"stride", 4}}};
                }),
        changed("strided causal",
                [](ModelConfig& c) {
                    c.attention.pattern = {"strided", {{"window", 2}, {"stride", 3}}};
                    c.architecture = Architecture::decoder;
                }),
        changed("pre-norm rms",
                [](ModelConfig& c) {
                    c.norm = {NormKind::rms, NormPlacement::pre, 1e-6};
                }),
        changed("post-norm rms",
                [](ModelConfig& c) {
                    c.norm = {NormKind::rms, NormPlacement::post, 1e-5};
                }),
        changed("gelu learned",
                [](ModelConfig& c) {
                    c.feed_forward.activation = Activation::gelu;
                    c.position.kind = PositionKind::learned;
                }),
        changed("gelu-tanh tied",
                [](ModelConfig& c) {
                    c.feed_forward.activation = Activation::gelu_tanh;
                    c.output = {OutputKind::linear, true, true, LossKind::cross_entropy};
                    c.num_classes = 7;
                }),
        changed("alibi encoder",
                [](ModelConfig& c) {
                    c.position.kind = PositionKind::alibi;
                    c.d_model = 18;
                    c.num_heads = 3;
                    c.num_kv_heads = 3;
                }),
        changed("alibi decoder",
                [](ModelConfig& c) {
                    c.position.kind = PositionKind::alibi;
                    c.architecture = Architecture::decoder;
                }),
        changed("no positions", [](ModelConfig& c) { c.position.kind = PositionKind::none; }),
        changed(
            "llama gqa", [](ModelConfig&) {}, llamaLike()),
        changed(
            "llama mqa interleaved",
            [](ModelConfig& c) {
                c.num_kv_heads = 1;
                c.position.rope.pairing = RopePairing::interleaved;
            },
            llamaLike()),
        changed(
            "longrope",
            [](ModelConfig& c) {
                auto& s = c.position.rope.scaling;
                s.kind = "longrope";
                s.original_max_seq_len = 5;
                s.max_seq_len = 20;
                s.short_factors = {1, 1.2};
                s.long_factors = {1.5, 3};
            },
            llamaLike()),
        changed(
            "dynamic ntk",
            [](ModelConfig& c) {
                auto& s = c.position.rope.scaling;
                s.kind = "dynamic";
                s.factor = 2;
                s.original_max_seq_len = 5;
            },
            llamaLike()),
        changed("encoder-decoder",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                }),
        changed(
            "encoder-decoder pre gqa rope",
            [](ModelConfig& c) {
                c.architecture = Architecture::encoder_decoder;
                c.num_decoder_layers = 2;
            },
            llamaLike()),
        changed("encoder-decoder kv window",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.attention.form = AttentionForm::kv;
                    c.num_decoder_layers = 1;
                    c.attention.pattern = {"sliding-window", {{"window", 1}}};
                }),
    };
    for (const auto& more : {sharedAndNormalisedForms(), latentForms(), patternForms(), alternatingForms(), plainForms(), scoreForms()})
        forms.insert(forms.end(), more.begin(), more.end());
    return forms;
}

/// A net over the positions in place of attention; sequences that are shorter than it can read.
inline std::vector<NamedConfig> mixingForms() {
    return {
        changed("mixing net",
                [](ModelConfig& c) {
                    c.mixer = {MixerKind::feed_forward, 5};
                }),
        changed("mixing net gelu pre-norm rms learned, no bias",
                [](ModelConfig& c) {
                    c.mixer = {MixerKind::feed_forward, 7};
                    c.norm = {NormKind::rms, NormPlacement::pre, 1e-6};
                    c.feed_forward.activation = Activation::gelu;
                    c.position.kind = PositionKind::learned;
                    c.bias = false;
                }),
        changed("mixing net swiglu, no positions",
                [](ModelConfig& c) {
                    c.mixer = {MixerKind::feed_forward, 6};
                    c.feed_forward.activation = Activation::swiglu;
                    c.position.kind = PositionKind::none;
                }),
    };
}

/// One layer's weights for all steps.
inline std::vector<NamedConfig> tiedForms() {
    return {
        changed("tied",
                [](ModelConfig& c) {
                    c.depth.kind = DepthKind::tied;
                    c.num_layers = 3;
                }),
        changed("tied, every second step sees all",
                [](ModelConfig& c) {
                    c.depth.kind = DepthKind::tied;
                    c.num_layers = 4;
                    c.attention.pattern = {"sliding-window", {{"window", 1}}};
                    c.attention.full_every = 2;
                }),
        changed(
            "tied decoder, every third step sees all",
            [](ModelConfig& c) {
                c.depth.kind = DepthKind::tied;
                c.num_layers = c.num_decoder_layers.emplace(3);
                c.attention.pattern = {"sliding-window", {{"window", 2}}};
                c.attention.full_every = 3;
            },
            llamaLike()),
        changed(
            "tied pre-norm gqa rope qk_norm decoder",
            [](ModelConfig& c) {
                c.depth.kind = DepthKind::tied;
                c.num_layers = c.num_decoder_layers.emplace(3);
                c.attention.qk_norm = true;
            },
            llamaLike()),
        changed("tied encoder-decoder kv+pos",
                [](ModelConfig& c) {
                    c.depth.kind = DepthKind::tied;
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 2;
                    c.attention.form = AttentionForm::kv_pos;
                }),
    };
}

/// Positions that halt after steps of their own, of which random weights make some early and some late.
inline std::vector<NamedConfig> haltingForms() {
    return {
        changed("act",
                [](ModelConfig& c) {
                    c.depth = {DepthKind::act, 0.01, 0.3, 1.0};
                    c.num_layers = 5;
                }),
        changed(
            "act pre-norm gqa rope decoder",
            [](ModelConfig& c) {
                c.depth = {DepthKind::act, 0.05, 0.2, 1.0};
                c.num_layers = c.num_decoder_layers.emplace(4);
            },
            llamaLike()),
        changed("act encoder-decoder, no norm behind the stacks",
                [](ModelConfig& c) {
                    c.depth = {DepthKind::act, 0.1, 0.5, 1.0};
                    c.architecture = Architecture::encoder_decoder;
                    c.num_layers = 3;
                    c.num_decoder_layers = 4;
                }),
        changed("act of one step",
                [](ModelConfig& c) {
                    c.depth = {DepthKind::act, 0.01, 0.3, 1.0};
                    c.num_layers = 1;
                }),
    };
}

inline std::vector<NamedConfig> depthForms() {
    std::vector<NamedConfig> forms = tiedForms();
    for (NamedConfig& form : haltingForms()) forms.push_back(std::move(form));
    forms.push_back(changed("act of a mixing net, tied output", [](ModelConfig& c) {
        c.depth = {DepthKind::act, 0.01, 0.3, 1.0};
        c.num_layers = 3;
        c.mixer = {MixerKind::feed_forward, 5};
        c.output = {OutputKind::linear, true, true, LossKind::cross_entropy};
        c.num_classes = 7;
    }));
    return forms;
}

/// An encoder that reads entries of three tokens, and a decoder that attends to them or looks them up.
inline std::vector<NamedConfig> dictionaryForms() {
    return {
        changed("dictionary attended",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.dictionary = {DictionaryKind::attended, 3};
                }),
        changed("dictionary standing",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 2;
                    c.dictionary = {DictionaryKind::standing, 3};
                }),
        changed(
            "dictionary standing pre gqa rope swiglu",
            [](ModelConfig& c) {
                c.architecture = Architecture::encoder_decoder;
                c.num_decoder_layers = 2;
                c.dictionary = {DictionaryKind::standing, 2};
            },
            llamaLike()),
    };
}

/// Several feed-forward layers, of which a router chooses: some, one, all, fewer than there are tokens and more.
inline std::vector<NamedConfig> expertForms() {
    const auto routed = [](ModelConfig config, Activation activation, int experts, int chosen, double balance) {
        config.feed_forward = {activation, {}, FeedForwardKind::experts, experts, chosen, balance};
        return config;
    };
    ModelConfig causal = smallConfig(), two = smallConfig();
    causal.architecture = Architecture::decoder;
    causal.norm.placement = NormPlacement::pre;
    two.architecture = Architecture::encoder_decoder;
    two.num_decoder_layers = 1;
    two.bias = false;
    return {
        {"experts", routed(smallConfig(), Activation::relu, 4, 2, 0.3)},
        {"one of three experts, causal", routed(causal, Activation::gelu, 3, 1, 0.2)},
        {"all of three experts, swiglu, gqa rope", routed(llamaLike(), Activation::swiglu, 3, 3, 0.1)},
        {"two of five experts, swiglu, gqa rope, no balance", routed(llamaLike(), Activation::swiglu, 5, 2, 0)},
        {"three of sixteen experts, encoder-decoder", routed(two, Activation::gelu_tanh, 16, 3, 0.4)},
        {"the only expert", routed(smallConfig(), Activation::relu, 1, 1, 0.5)},
    };
}

/// An encoder-decoder whose decoder looks at the slots of a code.
inline std::vector<NamedConfig> bottleneckForms() {
    return {
        changed("bottleneck fsq",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.bottleneck = {"fsq", {{"slots", 3}, {"levels", 5}}};
                }),
        changed(
            "bottleneck fsq of even levels, pre-norm gqa rope",
            [](ModelConfig& c) {
                c.architecture = Architecture::encoder_decoder;
                c.num_decoder_layers = 2;
                c.bottleneck = {"fsq", {{"slots", 14}, {"levels", 4}}};  // more slots than tokens
            },
            llamaLike()),
        changed("bottleneck bits, linear kernel",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.attention.kernel.kind = KernelKind::linear;
                    c.bottleneck = {"bits", {{"count", 5}}};
                }),
        changed("bottleneck one-hot, kv",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.attention.form = AttentionForm::kv;
                    c.bottleneck = {"one-hot", {{"slots", 2}, {"codes", 3}}};
                }),
        changed("bottleneck vq",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.bottleneck = {"vq", {{"slots", 3}, {"codes", 4}, {"dim", 2}}};
                }),
        changed("bottleneck gumbel, usage, injectivity",
                [](ModelConfig& c) {
                    c.architecture = Architecture::encoder_decoder;
                    c.num_decoder_layers = 1;
                    c.bottleneck = {"gumbel", {{"slots", 3}, {"codes", 4}, {"tau", 0.9}}, 0.3, 0.5};
                }),
    };
}

/// The forms of attention, what may stand in its place, and what stands beside it.
inline std::vector<NamedConfig> formsOfEveryMixer() {
    std::vector<NamedConfig> forms = allForms();
    for (NamedConfig& form : kernelForms()) forms.push_back(std::move(form));
    for (NamedConfig& form : dictionaryForms()) forms.push_back(std::move(form));
    for (const auto& more : {mixingForms(), depthForms(), expertForms(), reachForms(), unitKeyForms(), globalProjectionForms(),
                             sharedKeyForms(), publishedForms()})
        forms.insert(forms.end(), more.begin(), more.end());
    return forms;
}

/// Vectors of three numbers in place of tokens; answers are classes.
inline ModelConfig ofVectors() {
    ModelConfig c = smallConfig();
    c.input = InputKind::vectors;
    c.input_dim = 3;
    c.vocab_size = 1;
    return c;
}

inline ModelConfig withClassToken() {
    ModelConfig c = ofVectors();
    c.class_token = true;
    c.vocab_size = 2;
    c.readout = Readout::class_token;
    return c;
}

/// Answers are two numbers, of the last position.
inline ModelConfig ofNumbers() {
    ModelConfig c = ofVectors();
    c.num_classes = 2;
    c.readout = Readout::last;
    c.output.loss = LossKind::squared;
    return c;
}

/// Sequences of vectors, and answers that are numbers.
inline std::vector<NamedConfig> vectorForms() {
    return {
        changed(
            "vectors", [](ModelConfig& c) { c.embedding_bias = true; }, ofVectors()),
        changed(
            "vectors with class token, pre-norm, learned positions",
            [](ModelConfig& c) {
                c.position.kind = PositionKind::learned;
                c.norm.placement = NormPlacement::pre;
                c.feed_forward.activation = Activation::gelu;
                c.output = {OutputKind::linear, false, true, LossKind::cross_entropy};
            },
            withClassToken()),
        changed(
            "vectors with class token kv+pos", [](ModelConfig& c) { c.attention.form = AttentionForm::kv_pos; }, withClassToken()),
        changed(
            "numbers", [](ModelConfig&) {}, ofNumbers()),
        changed(
            "numbers causal, every position",
            [](ModelConfig& c) {
                c.architecture = Architecture::decoder;
                c.norm.placement = NormPlacement::pre;
                c.readout = Readout::every;
                c.output = {OutputKind::linear, false, true, LossKind::squared};
            },
            ofNumbers()),
        changed(
            "product kernel of context pattern, no norm, no feed-forward, numbers",
            [](ModelConfig& c) {
                c.attention.kernel.kind = KernelKind::product;
                c.attention.pattern = {"context", {}};
                c.norm = {NormKind::none, NormPlacement::pre, 1e-5};
                c.position.kind = PositionKind::none;
                c.d_ff = 0;
                c.bias = false;
                c.output = {OutputKind::linear, false, false, LossKind::squared};
            },
            ofNumbers()),
        changed(
            "softmax of context pattern, no norm, numbers",
            [](ModelConfig& c) {
                c.attention.pattern = {"context", {}};
                c.norm.kind = NormKind::none;
            },
            ofNumbers()),
    };
}

/// What `formsOfEveryMixer` has, which read tokens, and models of vectors.
inline std::vector<NamedConfig> formsOfEveryInput() {
    std::vector<NamedConfig> forms = formsOfEveryMixer();
    for (NamedConfig& form : vectorForms()) forms.push_back(std::move(form));
    return forms;
}

/// And those whose gradient is no slope: with a code, where it is chosen, and with a memory.
inline std::vector<NamedConfig> formsOfEveryKind() {
    std::vector<NamedConfig> forms = formsOfEveryInput();
    for (NamedConfig& form : segmentForms()) forms.push_back(std::move(form));
    for (NamedConfig& form : bottleneckForms()) forms.push_back(std::move(form));
    return forms;
}

template <class T>
BasicWeights<T> randomWeights(const Model& model, std::uint64_t seed) {
    BasicWeights<T> weights(model.layout().flatSize());
    for (const Parameter& p : model.layout().parameters()) {
        const RandomStream random(seed, p.name);
        for (std::size_t i = 0; i < p.size; ++i)
            at(weights, p)[i] = static_cast<T>((p.role == ParameterRole::normWeight ? 1.0 : 0.0) + 0.4 * random.normal(i));
    }
    return weights;
}

inline std::vector<int> randomTokens(std::uint64_t seed, int n, int below) {
    std::vector<int> tokens;
    for (int i = 0; i < n; ++i)
        tokens.push_back(
            static_cast<int>(RandomStream(seed, "tokens").below(static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(below))));
    return tokens;
}

inline std::vector<float> randomNumbers(std::uint64_t seed, std::size_t n) {
    const RandomStream random(seed, "numbers");
    std::vector<float> numbers;
    for (std::size_t i = 0; i < n; ++i) numbers.push_back(static_cast<float>(random.normal(i)));
    return numbers;
}

/// Nothing is asked but where the model reads out.
inline void askWhereItAnswers(const ModelConfig& config, std::vector<int>& targets) {
    const std::size_t asked = config.readout == Readout::last ? targets.size() - 1 : 0;
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (config.readout != Readout::every && i != asked) targets[i] = -1;
}

/// Vectors for the positions, and values where `targets` ask for numbers. Takes an Input as well as a Sample.
template <class Asked>
void giveVectors(const ModelConfig& config, std::uint64_t seed, Asked& sample) {
    if (config.readsVectors()) {
        const auto width = static_cast<std::size_t>(*config.input_dim);
        sample.tokens.assign(sample.tokens.size(), vectorToken);
        sample.vectors = randomNumbers(seed, sample.tokens.size() * width);
        if (config.class_token) {
            sample.tokens.front() = classToken;
            std::fill_n(sample.vectors.begin(), width, 0.0F);
        }
    }
    askWhereItAnswers(config, sample.targets);
    if (!config.answersNumbers()) return;
    const auto width = static_cast<std::size_t>(*config.num_classes);
    sample.values = randomNumbers(seed + 3000, sample.targets.size() * width);
    for (std::size_t i = 0; i < sample.targets.size(); ++i) {
        if (sample.targets[i] >= 0)
            sample.targets[i] = 0;
        else
            std::fill_n(sample.values.begin() + static_cast<std::ptrdiff_t>(i * width), width, 0.0F);
    }
}

inline Sample randomSample(const ModelConfig& config, std::uint64_t seed, int length, int targetLength) {
    const bool twoSides = config.architecture == Architecture::encoder_decoder;
    Sample sample{randomTokens(seed, length, *config.vocab_size), {}, {}};
    if (twoSides) sample.targetTokens = randomTokens(seed + 1000, targetLength, *config.vocab_size);
    sample.targets = randomTokens(seed + 2000, twoSides ? targetLength : length, *config.num_classes);
    if (sample.targets.size() > 2) sample.targets[1] = -1;  // a position without loss
    giveVectors(config, seed, sample);
    return sample;
}

/// Sequences of different lengths, one of a single token.
inline Batch unevenBatch(const ModelConfig& config) {
    return makeBatch(
        {randomSample(config, 1, 7, 5), randomSample(config, 2, 1, 1), randomSample(config, 3, 9, 6), randomSample(config, 4, 4, 7)});
}

inline int countingPositions(const Batch& batch) {
    int counted = 0;
    for (const int t : batch.targets) counted += t >= 0;
    return counted;
}

}  // namespace lab::testing
