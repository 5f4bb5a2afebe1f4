// Formula and source of every component. A choice of a setting that has no row here fails components_test.

#include "core/explain/component_rows.h"

namespace lab::explain {
namespace {

constexpr const char* vaswani = "Vaswani et al. 2017, arXiv 1706.03762";
constexpr const char* borji = "Borji 2023, arXiv 2305.19129";
constexpr const char* transformerXl = "Dai et al. 2019 (Transformer-XL), arXiv 1901.02860";
constexpr const char* gpt2 = "Radford et al. 2019 (GPT-2)";

constexpr const char* dosovitskiy = "Dosovitskiy et al. 2020, arXiv 2010.11929";
constexpr const char* straightThrough = "straight-through: Bengio et al. 2013, arXiv 1308.3432";
constexpr const char* bert = "Devlin et al. 2018 (BERT), arXiv 1810.04805";
constexpr const char* vonOswald = "von Oswald et al. 2023, arXiv 2212.07677";

constexpr const char* architecture = "model.architecture";
constexpr const char* input = "model.input";
constexpr const char* dictionary = "model.dictionary.kind";
constexpr const char* bottleneck = "model.bottleneck.kind";
constexpr const char* readout = "model.readout";
constexpr const char* loss = "model.output.loss";
constexpr const char* position = "model.position.kind";
constexpr const char* pairing = "model.position.rope.pairing";
constexpr const char* scaling = "model.position.rope.scaling.kind";
constexpr const char* depth = "model.depth.kind";
constexpr const char* mixer = "model.mixer.kind";
constexpr const char* form = "model.attention.form";
constexpr const char* kernel = "model.attention.kernel";
constexpr const char* attentionBias = "model.attention.bias";
constexpr const char* residual = "model.residual";
constexpr const char* pattern = "model.attention.pattern.kind";
constexpr const char* norm = "model.norm.kind";
constexpr const char* placement = "model.norm.placement";
constexpr const char* activation = "model.feed_forward.activation";
constexpr const char* feedForwardKind = "model.feed_forward.kind";
constexpr const char* output = "model.output.kind";
constexpr const char* optimizer = "training.optimizer.kind";
constexpr const char* schedule = "training.schedule.kind";
constexpr const char* initialisation = "model.init";

constexpr ComponentGroup groups[] = {
    {"architecture", LAB_TEXT("explain", "Architecture")},
    {"bottleneck", LAB_TEXT("explain", "Bottleneck")},
    {"input", LAB_TEXT("explain", "Embedding and positions")},
    {"rope", LAB_TEXT("explain", "RoPE")},
    {"attention", LAB_TEXT("explain", "Attention")},
    {"pattern", LAB_TEXT("explain", "Who sees whom")},
    {"stream", LAB_TEXT("explain", "Residual stream and norms")},
    {"feed_forward", LAB_TEXT("explain", "Feed-forward")},
    {"output", LAB_TEXT("explain", "Output and loss")},
    {"training", LAB_TEXT("explain", "Training")},
};

constexpr ComponentRow choice(const char* group, const char* key, const char* name, const char* formula, const char* source,
                              const char* stage, SourceText sentence = {}) {
    return {group, key, name, {}, sentence, formula, source, stage};
}

constexpr ComponentRow part(const char* group, const char* key, SourceText name, SourceText sentence, const char* formula,
                            const char* source, const char* stage, bool (*used)(const Experiment&) = nullptr) {
    return {group, key, "", name, sentence, formula, source, stage, used};
}

bool hasDecoder(const Experiment& e) {
    return specOf(e.model.architecture).decoder;
}

bool hasTwoSides(const Experiment& e) {
    return specOf(e.model.architecture).twoSides();
}

bool hasBottleneck(const Experiment& e) {
    return e.model.hasBottleneck();
}

bool sharesHeads(const Experiment& e) {
    return e.model.num_kv_heads.value_or(e.model.num_heads) < e.model.num_heads;
}

bool hasOneKeyHead(const Experiment& e) {
    return sharesHeads(e) && *e.model.num_kv_heads == 1;
}

bool readsTokens(const Experiment& e) {
    return e.model.input.value_or(InputKind::tokens) == InputKind::tokens;
}

bool feedsForward(const Experiment& e) {
    return e.model.hasFeedForward() && !e.model.hasExperts();
}

constexpr ComponentRow componentTable[] = {
    choice("architecture", architecture, "encoder", "j = 0, \u2026, n \u2212 1", "Devlin et al. 2018 (BERT), arXiv 1810.04805", "mask",
           LAB_TEXT("explain", "Encoder: every position sees all others.")),
    choice("architecture", architecture, "decoder", "j \u2264 i", "Radford et al. 2018 (GPT)", "mask",
           LAB_TEXT("explain", "Decoder: a position sees itself and what came before, so it can go on with a text.")),
    choice("architecture", architecture, "encoder-decoder", "q = W_{Q} x, k = W_{K} m, v = W_{V} m", vaswani, "mask",
           LAB_TEXT("explain", "A decoder that also reads an encoder\u2019s output, through cross-attention.")),
    part("architecture", architecture, LAB_TEXT("explain", "cross-attention"),
         LAB_TEXT("explain", "Queries of the decoder\u2019s rows meet keys and values of the encoder\u2019s output m."),
         "softmax(W_{Q} x \u00B7 W_{K} m / \u221Ad_{h}) W_{V} m", vaswani, "", hasTwoSides),

    choice("architecture", depth, "layers", "x \u2190 layer_{n}(x), n = 1, \u2026, L", vaswani, "",
           LAB_TEXT("explain", "Layer upon layer, each with weights of its own.")),
    choice("architecture", depth, "tied", "x \u2190 layer(x), L times",
           "Dehghani et al. 2018, arXiv 1807.03819; Lan et al. 2019 (ALBERT), arXiv 1909.11942", "",
           LAB_TEXT("explain", "One layer\u2019s weights serve every step, so that more steps cost time but no parameters.")),
    choice("architecture", depth, "act",
           "h_{n} = \u03C3(w \u00B7 s_{n} + b), N = min{n: \u03A3_{k \u2264 n} h_{k} \u2265 1 \u2212 \u03B5}, x = \u03A3_{n} p_{n} s_{n}",
           "Graves 2016, arXiv 1603.08983; by position as in Dehghani et al. 2018, arXiv 1807.03819", "",
           LAB_TEXT("explain",
                    "Each position takes as many steps of one layer as a unit of its own says, waits for the others unchanged, and "
                    "leaves as a mean of its states.")),
    part("architecture", "model.depth.ponder", LAB_TEXT("explain", "ponder cost"),
         LAB_TEXT("explain", "Steps are paid for: their number and what is left for the last of them are added to the loss."),
         "\u03C4 mean_{i}(N_{i} + R_{i}), R = 1 \u2212 \u03A3_{k < N} h_{k}", "Graves 2016, arXiv 1603.08983", "",
         [](const Experiment& e) { return specOf(e.model.depth.kind).halts; }),

    choice("bottleneck", bottleneck, "none", "k = W_{K} x, v = W_{V} x", vaswani, "",
           LAB_TEXT("explain", "None: the decoder looks at what the encoder makes of each token.")),
    choice("bottleneck", bottleneck, "fsq",
           "\u03B6\u2032 = b tanh(\u03B6 + s) \u2212 o, c = round(\u230AL/2\u230B \u03B6\u2032) + \u230AL/2\u230B",
           "Mentzer et al. 2023, arXiv 2309.15505", "slot_code",
           LAB_TEXT("explain", "Finite scalar quantisation: each slot is one number, bounded and rounded to one of L levels.")),
    choice("bottleneck", bottleneck, "bits", "\u03C7 = sign \u03B6, \u2202\u03B6 = (1 \u2212 tanh\u00B2 \u03B6) \u2202\u03C7",
           straightThrough, "slot_code", LAB_TEXT("explain", "One sign a slot, with the slope of tanh on the way back.")),
    choice("bottleneck", bottleneck, "one-hot", "c = argmax \u03B6, \u03B6\u2032 = softmax(\u03B6), \u2202\u03B6\u2032 = \u2202\u03C7",
           straightThrough, "slot_code",
           LAB_TEXT("explain", "The largest of a slot\u2019s numbers, with the slope of softmax on the way back.")),
    choice("bottleneck", bottleneck, "gumbel", "\u03B6\u2032 = softmax((\u03B6 + g) / \u03C4), g = \u2212ln(\u2212ln u)",
           "Jang et al. 2016, arXiv 1611.01144", "slot_code",
           LAB_TEXT("explain",
                    "While training a softmax of a slot\u2019s numbers plus noise, ever sharper; otherwise the largest, without noise.")),
    choice("bottleneck", bottleneck, "vq", "c = argmin_{k} |\u03B6 \u2212 C_{k}|, \u03C7 = C_{c}",
           "van den Oord et al. 2017, arXiv 1711.00937", "slot_code",
           LAB_TEXT("explain", "Vector quantisation: the nearest row of a trained table, which all slots share.")),
    part("bottleneck", bottleneck, LAB_TEXT("explain", "slots"),
         LAB_TEXT("explain",
                  "Trained rows read the encoder\u2019s output by attention, a slot each; a map of its own makes a slot\u2019s numbers."),
         "r_{i} = attention(\u03C9_{i}, x), \u03B6_{i} = W_{r} r_{i} + b", "trained queries: Lee et al. 2019, arXiv 1810.00825",
         "slot_read", hasBottleneck),
    part("bottleneck", "model.bottleneck.usage", LAB_TEXT("explain", "loss of unused codes"),
         LAB_TEXT("explain",
                  "Added to the loss: how far the codes of a slot are from being used alike, over the sequences computed together."),
         "ln K \u2212 H(mean)", "", "d_slot_code", [](const Experiment& e) { return hasBottleneck(e) && e.model.bottleneck.usage > 0.0; }),
    part(
        "bottleneck", "model.bottleneck.injectivity", LAB_TEXT("explain", "loss of codes too much alike"),
        LAB_TEXT("explain", "Added to the loss: how much nearer than neighbouring codes (of vq: than 1) those of different sequences are."),
        "\u00BD max(0, m \u2212 D)\u00B2", "contrastive loss: Hadsell et al. 2006, eq. 4", "",
        [](const Experiment& e) { return hasBottleneck(e) && e.model.bottleneck.injectivity > 0.0; }),

    choice("input", input, "tokens", "token(i) \u2208 {0, \u2026, vocab \u2212 1}", "Bengio et al. 2003", "input",
           LAB_TEXT("explain", "The input is a row of tokens, each one of a vocabulary.")),
    choice("input", input, "vectors", "x_{i} = W_{in} \u03BE_{i} + b", dosovitskiy, "input",
           LAB_TEXT(
               "explain",
               "The input is a row of vectors, as pieces of a picture or points are; one matrix brings each to the stream\u2019s width.")),
    choice("input", dictionary, "none", "\u2013", "", "", LAB_TEXT("explain", "No dictionary is given.")),
    choice("input", dictionary, "context", "[D, x]", "", "",
           LAB_TEXT("explain", "The entries D of a dictionary stand before the text, in one long sequence with it.")),
    choice("input", dictionary, "attended", "k = W_{K} m, v = W_{V} m", vaswani, "",
           LAB_TEXT("explain", "An encoder reads each entry by itself, and cross-attention looks at what it makes of them.")),
    choice("input", dictionary, "standing", "u = W_{up} [x, m_{token}]", "", "",
           LAB_TEXT(
               "explain",
               "An encoder leaves one vector of each entry, which stands beside the row of its word where the feed-forward layer reads.")),
    part("input", "model.d_model", LAB_TEXT("explain", "token embedding"),
         LAB_TEXT("explain", "Each token takes its row of a trained table."), "x_{i} = E_{token(i)}", "Bengio et al. 2003", "input",
         readsTokens),
    part("input", "model.class_token", LAB_TEXT("explain", "class token"),
         LAB_TEXT("explain", "A trained row stands before the others and is the same for every input; the answer is read from it."),
         "x_{0} = E_{class}", "Devlin et al. 2018 (BERT), arXiv 1810.04805; of pictures Dosovitskiy et al. 2020, arXiv 2010.11929", "input",
         [](const Experiment& e) { return e.model.class_token; }),
    part("input", "model.segments", LAB_TEXT("explain", "segments"),
         LAB_TEXT("explain", "A trained row for the sentence that a token stands in is added."), "x_{i} = E_{token(i)} + E_{segment(i)}",
         bert, "input", [](const Experiment& e) { return readsTokens(e) && e.model.segments > 0; }),
    part("input", "model.embedding_norm", LAB_TEXT("explain", "embedding norm"),
         LAB_TEXT("explain", "What is added up at a position is normed before the stream begins."), "x_{i} = norm(E_{token(i)} + \u2026)",
         bert, "input", [](const Experiment& e) { return e.model.embedding_norm; }),
    part("input", "model.embedding_dim", LAB_TEXT("explain", "factorised embedding"),
         LAB_TEXT("explain", "The tables are narrower than the stream, and a matrix brings their rows to its width."),
         "x_{i} = W_{map} E_{token(i)} + b", "Lan et al. 2019 (ALBERT), arXiv 1909.11942", "input",
         [](const Experiment& e) { return readsTokens(e) && e.model.embedding_dim.value_or(e.model.d_model) != e.model.d_model; }),
    choice("input", position, "none", "x_{i} = E_{token(i)}", "Kazemnejad et al. 2023, arXiv 2305.19466", "input",
           LAB_TEXT("explain",
                    "No term for positions: order shows only by a mask or pattern that tells places apart, KV+Pos\u2019s map or the "
                    "feed-forward mixer.")),
    choice("input", position, "sinusoidal", "PE_{i,2p} = sin(i / 10000^{2p/d}), PE_{i,2p+1} = cos(i / 10000^{2p/d})", vaswani, "input",
           LAB_TEXT("explain", "Sines and cosines of the position are added to the token\u2019s row.")),
    choice("input", position, "learned", "x_{i} = E_{token(i)} + PE_{i}", "Gehring et al. 2017, arXiv 1705.03122", "input",
           LAB_TEXT("explain", "A trained row for each position is added; there is none beyond the table.")),
    choice(
        "input", position, "rope",
        "(u, v) \u2192 (u cos i\u03B8 \u2212 v sin i\u03B8, u sin i\u03B8 + v cos i\u03B8), \u03B8_{p} = b^{\u22122p/d}, d = d_{h}",
        "Su et al. 2021, arXiv 2104.09864", "rotate",
        LAB_TEXT("explain",
                 "Queries and keys are turned by their position, so positions enter a score only through i \u2212 j, its sign included.")),
    choice("input", position, "alibi", "s\u2032_{ij} = s_{ij} \u2212 m_{h} |i \u2212 j|", "Press et al. 2021, arXiv 2108.12409", "position",
           LAB_TEXT("explain", "Scores lose a slope times the distance, a slope for each head.")),

    choice("input", position, "relative-bias", "s\u2032_{ij} = s_{ij} + b_{h,n}, n = bucket(j \u2212 i)",
           "Raffel et al. 2020 (T5), arXiv 1910.10683", "position",
           LAB_TEXT("explain", "Each head learns a number for each bucket of distances, which all layers of a side add to their scores.")),
    choice("input", position, "relative", "s\u2032_{ij} = ((q_{i} + u) \u00B7 k_{j} + (q_{i} + v) \u00B7 W_{R} R_{i\u2212j}) / \u221Ad_{h}",
           transformerXl, "",
           LAB_TEXT("explain",
                    "Queries are compared with a vector of the distance too, and two learned vectors ask in every query\u2019s place.")),

    part("input", "model.position.skip_every", LAB_TEXT("explain", "layers without positions (NoPE)"),
         LAB_TEXT("explain", "Each k-th layer of a side does without rotations, biases or relative vectors."),
         "(l + 1) mod k = 0: s_{ij} = q_{i} \u00B7 k_{j} / \u221Ad_{h}", "Yang et al. 2025 (RNoPE), arXiv 2501.18795; SmolLM3", "",
         [](const Experiment& e) { return e.model.attends() && e.model.position.skip_every > 0; }),

    choice("rope", pairing, "half", "(p, p + d_{h}/2)", "Black et al. 2022 (GPT-NeoX), arXiv 2204.06745", "rotate",
           LAB_TEXT("explain", "Channel p turns with the one half a head further on.")),
    choice("rope", pairing, "interleaved", "(2p, 2p + 1)", "Su et al. 2021, arXiv 2104.09864", "rotate",
           LAB_TEXT("explain", "Neighbouring channels turn together.")),
    choice("rope", scaling, "none", "\u03B8_{p} = b^{\u22122p/d}, d = d_{h}", "Su et al. 2021, arXiv 2104.09864", "rotate",
           LAB_TEXT("explain", "The angles as RoPE defines them.")),
    choice("rope", scaling, "linear", "\u03B8_{p} / s", "Chen et al. 2023 (Position Interpolation), arXiv 2306.15595", "rotate",
           LAB_TEXT("explain", "All pairs turn s times more slowly, so that longer inputs stay within the trained angles.")),
    choice("rope", scaling, "ntk", "b\u2032 = b s^{d/(d \u2212 2)}, d = d_{h}", "bloc97 2023 (NTK-aware scaling)", "rotate",
           LAB_TEXT("explain", "A larger base: the fastest pair stays as it is, the slowest turns s times more slowly.")),
    choice("rope", scaling, "dynamic", "b\u2032 = b (s n/L \u2212 s + 1)^{d/(d \u2212 2)}, n > L",
           "emozilla 2023 (dynamic NTK), code of transformers", "rotate",
           LAB_TEXT("explain", "The base grows with the length n of the input as soon as it is beyond L; up to there nothing changes.")),
    choice("rope", scaling, "yarn",
           "\u03B8\u2032_{p} = (1 \u2212 \u03B3_{p}) \u03B8_{p} / s + \u03B3_{p} \u03B8_{p}, \u03BA = 0.1 ln s + 1",
           "Peng et al. 2023, arXiv 2309.00071", "rotate",
           LAB_TEXT("explain", "Fast pairs stay, slow pairs are slowed, those between by a ramp; cos and sin are multiplied by \u03BA.")),
    choice("rope", scaling, "longrope", "\u03B8\u2032_{p} = \u03B8_{p} / \u03BB_{p}, \u03BA = \u221A(1 + ln s / ln L)",
           "Ding et al. 2024, arXiv 2402.13753", "rotate",
           LAB_TEXT("explain",
                    "Each pair has a factor of its own, as a search finds it, one for short inputs and one for long; \u03BA multiplies cos "
                    "and sin.")),
    choice("rope", scaling, "llama3", "2\u03C0/\u03B8_{p} > L/low: \u03B8_{p}/s, 2\u03C0/\u03B8_{p} < L/high: \u03B8_{p}",
           "Meta 2024, code of Llama 3.1", "rotate",
           LAB_TEXT("explain", "Only pairs of long wavelength are slowed, with a ramp between short and long.")),

    choice("attention", mixer, "attention", "o_{i} = \u03A3_{j} a_{ij} v_{j}", vaswani, "mix",
           LAB_TEXT("explain", "Each position weighs the others by queries and keys.")),
    choice("attention", mixer, "feed-forward", "y = W_{2} f(W_{1} x + b_{1}) + b_{2}", "", "",
           LAB_TEXT("explain",
                    "In place of attention one net reads all positions\u2019 channels at once, with swiglu by two matrices; its weights "
                    "belong to positions.")),
    choice("attention", form, "qkv", "q = W_{Q} x, k = W_{K} x, v = W_{V} x", vaswani, "project",
           LAB_TEXT("explain", "Queries, keys and values each have a matrix of their own.")),
    choice("attention", form, "kv", "s_{ij} = k_{i} \u00B7 k_{j} / \u221Ad_{h}", borji, "project",
           LAB_TEXT("explain", "Keys serve as queries, so that the products are symmetric.")),
    choice("attention", form, "kv+pos", "s\u2032_{ij} = \u03A3_{c} w_{c} (s_{ij} + P_{ijc}) + b", borji, "position",
           LAB_TEXT("explain", "Keys serve as queries, and scores pass through a trained map of a table of positions.")),
    choice("attention", form, "q+kv", "v = k = W_{K} x", "Kayyam et al. 2026, arXiv 2606.04032", "project",
           LAB_TEXT("explain", "Keys as projected serve as values, queries are separate.")),
    choice("attention", form, "latent", "\u2113 = W_{\u2113} x, k = [W_{R} x, W_{K} \u2113], v = W_{V} \u2113",
           "DeepSeek-AI 2024, arXiv 2405.04434", "project",
           LAB_TEXT("explain",
                    "One short vector of each token is kept, of which keys and values are made; the part of a key that RoPE turns comes "
                    "from the row itself and is shared by all heads.")),
    choice("attention", form, "k", "q = k = v = W_{K} x", "Kayyam et al. 2026, arXiv 2606.04032", "project",
           LAB_TEXT("explain", "One projection serves as query, as key and, as projected, as value.")),
    choice("attention", kernel, "softmax", "a_{ij} = exp(s_{ij}) / \u03A3_{m} exp(s_{im}), s_{ij} = q_{i} \u00B7 k_{j} / \u221Ad_{h}",
           vaswani, "weights", LAB_TEXT("explain", "Weights are exponentials of the scores, divided by their row\u2019s sum.")),
    choice("attention", kernel, "linear",
           "a_{ij} = \u03C6(q_{i}) \u00B7 \u03C6(k_{j}) / \u03A3_{m} \u03C6(q_{i}) \u00B7 \u03C6(k_{m}), \u03C6 = elu + 1",
           "Katharopoulos et al. 2020, arXiv 2006.16236", "phi",
           LAB_TEXT("explain", "A feature map in the place of the exponential: the sums can be kept running, at a cost linear in length.")),
    choice("attention", kernel, "product", "a_{ij} = q_{i} \u00B7 k_{j}", vonOswald, "weights",
           LAB_TEXT("explain", "The products themselves are the weights: of any size and sign, and no sum is shared.")),
    choice("attention", kernel, "performer",
           "a_{ij} = \u03C6(q_{i}) \u00B7 \u03C6(k_{j}) / \u03A3_{m} \u03C6(q_{i}) \u00B7 \u03C6(k_{m}), \u03C6(x)_{r} = exp(w_{r} \u00B7 "
           "x\u2032 \u2212 |x\u2032|\u00B2/2), x\u2032 = x / \u2074\u221Ad_{h}",
           "Choromanski et al. 2020, arXiv 2009.14794", "phi",
           LAB_TEXT("explain",
                    "Random features whose products are, on average over their draw, the softmax\u2019s exponentials: the sums can "
                    "be kept running, at a cost linear in length.")),
    choice("attention", kernel, "retention",
           "a_{ij} = \u03B3_{h}^{i\u2212j} q_{i} \u00B7 k_{j} / \u221Ad_{h}, \u03B3_{h} = 1 \u2212 2^{\u22125\u2212h}",
           "Sun et al. 2023, arXiv 2307.08621", "decay",
           LAB_TEXT("explain",
                    "Products fade with the distance, in each head at its own pace; one matrix a head can stand for all that was "
                    "read.")),
    choice("attention", kernel, "gated-linear",
           "a_{ij} = (\u03A0_{m=j+1..i} g_{m}) q_{i} \u00B7 k_{j} / \u221Ad_{h}, g_{m} = \u03C3(w \u00B7 x_{m} + b)^{1/16}",
           "Yang et al. 2023, arXiv 2312.06635", "decay",
           LAB_TEXT("explain",
                    "Products fade with every token in between, by as much as the token itself says; one matrix a head can stand "
                    "for all that was read.")),
    part("attention", "model.num_heads", LAB_TEXT("explain", "multi-head attention"),
         LAB_TEXT("explain", "Several heads attend side by side in fewer channels each; W_{O} mixes their outputs."),
         "y = W_{O} [o^{0}, \u2026, o^{H\u22121}]", vaswani, "heads", [](const Experiment& e) { return e.model.num_heads > 1; }),
    part("attention", "model.num_kv_heads", LAB_TEXT("explain", "grouped-query attention (GQA)"),
         LAB_TEXT("explain", "Heads share keys and values in G groups, which makes the cache of keys and values smaller."),
         "h \u2192 \u230Ah G / H\u230B", "Ainslie et al. 2023, arXiv 2305.13245", "project", sharesHeads),
    part("attention", "model.num_kv_heads", LAB_TEXT("explain", "multi-query attention (MQA)"),
         LAB_TEXT("explain", "All heads share one key-value head."), "G = 1", "Shazeer 2019, arXiv 1911.02150", "project", hasOneKeyHead),
    part("attention", "model.attention.share_kv", LAB_TEXT("explain", "cross-layer attention (CLA)"),
         LAB_TEXT("explain",
                  "Neighbouring layers read the keys and values of the first of them, which a decoder then keeps once for all of them."),
         "l > l_{0}: k^{l} = k^{l_{0}}, v^{l} = v^{l_{0}}, q^{l} = W_{Q}^{l} x^{l}", "Brandon et al. 2024, arXiv 2405.12981", "project",
         [](const Experiment& e) { return e.model.sharesKeys(); }),
    part("attention", "model.attention.qk_norm", LAB_TEXT("explain", "norm of queries and keys"),
         LAB_TEXT("explain",
                  "Each head\u2019s queries and keys are divided by their root mean square and scaled, which bounds the products."),
         "q* = \u03B3 q / rms(q), k* = \u03B3 k / rms(k)", "after Henry et al. 2020, arXiv 2010.04245; RMS with gains as in Qwen3",
         "normalise", [](const Experiment& e) { return e.model.attention.qk_norm; }),
    part("attention", "model.attention.unit_keys", LAB_TEXT("explain", "keys of length 1"),
         LAB_TEXT("explain", "Each key is divided by its length: how well it fits is a matter of direction."), "k\u0302 = k / |k|",
         "Kitaev et al. 2020 (Reformer), arXiv 2001.04451", "divide", [](const Experiment& e) { return e.model.attention.unit_keys; }),

    part("attention", "model.head_dim", LAB_TEXT("explain", "heads of a width of their own"),
         LAB_TEXT("explain", "A head has not d_{model} / H numbers but as many as are set: W_{O} leads from H d_{h} back to d_{model}."),
         "q = W_{Q} x, W_{Q}: H d_{h} \u00D7 d_{model}", "Yang et al. 2025 (Qwen3), arXiv 2505.09388", "project",
         [](const Experiment& e) { return e.model.attends() && e.model.headDim() * e.model.num_heads != e.model.d_model; }),
    choice("attention", attentionBias, "all", "q = W_{Q} x + b, y = W_{O} o + b", gpt2, "project",
           LAB_TEXT("explain", "All maps of attention have a bias: queries, keys, values and the output.")),
    choice("attention", attentionBias, "qkv", "q = W_{Q} x + b, y = W_{O} o", "Yang et al. 2024 (Qwen2), arXiv 2407.10671", "project",
           LAB_TEXT("explain", "Queries, keys and values have a bias, the output has none.")),
    choice("attention", attentionBias, "none", "q = W_{Q} x, y = W_{O} o", "Touvron et al. 2023 (LLaMA), arXiv 2302.13971", "project",
           LAB_TEXT("explain", "No map of attention has a bias.")),
    part("attention", "model.attention.soft_cap", LAB_TEXT("explain", "soft-capped scores"),
         LAB_TEXT("explain", "Scores are bent so that none goes beyond a cap."), "s* = cap \u00B7 tanh(s / cap)",
         "Gemma Team 2024 (Gemma 2), arXiv 2408.00118", "cap",
         [](const Experiment& e) { return e.model.attends() && e.model.attention.soft_cap > 0.0; }),
    part("attention", "model.attention.sink", LAB_TEXT("explain", "attention sink"),
         LAB_TEXT("explain", "A learned score of each head joins the softmax\u2019s sum without a value: a row can go to no key."),
         "a_{ij} = exp(s_{ij}) / (exp(\u03C8_{h}) + \u03A3_{m} exp(s_{im}))", "OpenAI 2025 (gpt-oss), arXiv 2508.10925", "sum",
         [](const Experiment& e) { return e.model.attends() && e.model.attention.sink; }),
    part("attention", "model.attention.differential", LAB_TEXT("explain", "differential attention"),
         LAB_TEXT("explain", "Both heads of a pair mix their values by one softmax map less \u03BB times the other; \u03BB is learned."),
         "a_{ij} = softmax(s^{1})_{ij} \u2212 \u03BB softmax(s^{2})_{ij}", "Ye et al. 2024, arXiv 2410.05258", "",
         [](const Experiment&
                e) { return e.model.attends() && e.model.attention.differential && specOf(e.model.attention.kernel.kind).scores; }),
    part("attention", "model.attention.gate", LAB_TEXT("explain", "gated attention output"),
         LAB_TEXT("explain", "Each number of the heads\u2019 outputs is multiplied by a gate, which is read off the row."),
         "o\u2032 = logistic(W_{G} x + b) \u2299 o", "Qiu et al. 2025, arXiv 2505.06708", "gate",
         [](const Experiment& e) { return e.model.attends() && e.model.attention.gate; }),
    part(
        "attention", "model.attention.span", LAB_TEXT("explain", "adaptive span"),
        LAB_TEXT("explain", "Each head learns how far it looks: over a ramp behind its span weights fall to 0, and rows are divided anew."),
        "a_{ij} = m(i \u2212 j) exp(s_{ij}) / \u03A3_{r} m(i \u2212 r) exp(s_{ir}), m(x) = clamp((R + z \u2212 |x|) / R, 0, 1)",
        "Sukhbaatar et al. 2019, arXiv 1905.07799", "", [](const Experiment& e) { return e.model.attends() && e.model.attention.span; }),
    part("attention", "model.attention.dropout", LAB_TEXT("explain", "dropout on attention weights"),
         LAB_TEXT("explain", "While training some weights, drawn anew at each step, are 0 and the others are larger."),
         "a\u2032_{ij} = a_{ij} / (1 \u2212 p) or 0", "code of Vaswani et al. 2017 (tensor2tensor)", "",
         [](const Experiment& e) { return e.model.attends() && e.model.attention.dropout > 0.0; }),

    part("pattern", architecture, LAB_TEXT("explain", "causal mask"), LAB_TEXT("explain", "Keys after the query are hidden."),
         "j > i: s_{ij} = \u2212\u221E", vaswani, "mask", hasDecoder),
    part("pattern", "model.attention.mask_diagonal", LAB_TEXT("explain", "masked diagonal"),
         LAB_TEXT("explain", "A position does not see itself, unless it has nothing else to see."), "s_{ii} = \u2212\u221E",
         "Kitaev et al. 2020 (Reformer), arXiv 2001.04451", "mask", [](const Experiment& e) { return e.model.attention.mask_diagonal; }),
    choice("pattern", pattern, "full", "\u2200 i, j", vaswani, "mask", LAB_TEXT("explain", "No pattern: all keys that the mask leaves.")),
    choice("pattern", pattern, "sliding-window", "|i \u2212 j| \u2264 w", "Beltagy et al. 2020, arXiv 2004.05150", "mask",
           LAB_TEXT("explain", "A query sees keys near it.")),
    choice("pattern", pattern, "strided", "|i \u2212 j| \u2264 w \u2228 (i \u2212 j) mod stride = 0", "Child et al. 2019, arXiv 1904.10509",
           "mask", LAB_TEXT("explain", "A query sees keys near it and, further off, every so many.")),
    choice("pattern", pattern, "longformer", "|i \u2212 j| \u2264 w \u2228 i < g \u2228 j < g", "Beltagy et al. 2020, arXiv 2004.05150",
           "mask", LAB_TEXT("explain", "A window, and g positions that see all and are seen by all.")),
    choice("pattern", pattern, "bigbird", "|i \u2212 j| \u2264 w \u2228 i < g \u2228 j < g \u2228 j \u2208 R_{i}",
           "Zaheer et al. 2020, arXiv 2007.14062", "mask",
           LAB_TEXT("explain", "A window, global positions and some random keys for each query.")),

    choice("pattern", pattern, "context", "j < n \u2212 1", vonOswald, "mask",
           LAB_TEXT("explain", "The last position asks and is nobody\u2019s key; all others are seen by all.")),

    choice("pattern", pattern, "segments", "j \u2264 i, j \u2265 s \u230Ai / s\u230B \u2212 m", transformerXl, "",
           LAB_TEXT("explain", "A query sees its own segment and a memory before it, whose rows get no gradient from it.")),
    choice("pattern", pattern, "blocks", "\u230Ai / b\u230B = \u230Aj / b\u230B", "Qiu et al. 2019, arXiv 1911.02972", "mask",
           LAB_TEXT("explain", "Positions stand in blocks of b, and each block sees itself alone.")),
    choice("pattern", pattern, "dilated", "|i \u2212 j| \u2264 w d \u2227 (i \u2212 j) mod d = 0", "Beltagy et al. 2020, arXiv 2004.05150",
           "mask", LAB_TEXT("explain", "A window with gaps: a query sees every d-th key near it, w to each side.")),
    choice("pattern", pattern, "lsh", "b(x) = argmax [xR; \u2212xR], b(k_{i}) = b(k_{j})",
           "Kitaev et al. 2020 (Reformer), arXiv 2001.04451", "mask",
           LAB_TEXT("explain", "A query sees keys that fall into its own bucket, chunk by chunk, in one of several rounds.")),
    part("pattern", "model.attention.global_projections", LAB_TEXT("explain", "global projections"),
         LAB_TEXT("explain", "The first g queries are made by a matrix of their own and read keys and values by two more."),
         "i < g: q = W_{Qg} x, k = W_{Kg} x, v = W_{Vg} x", "Beltagy et al. 2020, arXiv 2004.05150", "project",
         [](const Experiment& e) { return e.model.attention.global_projections && e.model.attention.pattern.kind->globalsApart; }),
    part("pattern", "model.attention.full_every", LAB_TEXT("explain", "local and global layers in turn"),
         LAB_TEXT("explain", "The pattern holds in most layers; each k-th of a side sees everything."), "(l + 1) mod k = 0: \u2200 i, j",
         "Gemma Team 2025 (Gemma 3), arXiv 2503.19786", "mask",
         [](const Experiment& e) { return e.model.attention.full_every > 0 && !(e.model.attention.pattern.kind == Kind<PatternSpec>()); }),

    choice("stream", residual, "serial", "z\u2032 = z + A(norm(z)), z\u2033 = z\u2032 + F(norm(z\u2032))", vaswani, "residual",
           LAB_TEXT("explain", "One after the other: the feed-forward layer reads what attention has been added to.")),
    choice("stream", residual, "parallel", "z\u2032 = z + A(norm_{1}(z)) + F(norm_{2}(z))",
           "Wang and Komatsuzaki 2021 (GPT-J); Black et al. 2022 (GPT-NeoX), arXiv 2204.06745", "residual",
           LAB_TEXT("explain", "Side by side: attention and the feed-forward layer read the same stream, and both are added to it.")),
    part("stream", "", LAB_TEXT("explain", "residual sum"),
         LAB_TEXT("explain", "What a part makes is added to what it read, so that the stream goes straight on."), "x + f(x)",
         "He et al. 2015, arXiv 1512.03385", "residual"),
    choice("stream", norm, "layer", "\u03B3 (x \u2212 \u03BC) / \u221A(\u03C3\u00B2 + \u03B5) + \u03B2", "Ba et al. 2016, arXiv 1607.06450",
           "norm input", LAB_TEXT("explain", "LayerNorm: each row is centred, divided by its standard deviation, scaled and shifted.")),
    choice("stream", norm, "rms", "\u03B3 x / \u221A(mean(x\u00B2) + \u03B5)", "Zhang and Sennrich 2019, arXiv 1910.07467", "norm input",
           LAB_TEXT("explain", "RMSNorm: each row is divided by its root mean square and scaled.")),
    choice("stream", norm, "none", "x", vonOswald, "residual",
           LAB_TEXT("explain", "No norm: the stream goes on as it was summed, so that constructions by hand come out exactly.")),
    choice("stream", placement, "post", "x \u2190 norm(x + f(x))", vaswani, "residual",
           LAB_TEXT("explain", "The norm stands behind the sum, on the stream.")),
    choice("stream", placement, "pre", "x \u2190 x + f(norm(x))", "Xiong et al. 2020, arXiv 2002.04745; GPT-2", "residual",
           LAB_TEXT("explain", "The norm stands on the branch; one more stands behind the last layer.")),

    part("feed_forward", "model.d_ff", LAB_TEXT("explain", "position-wise feed-forward"),
         LAB_TEXT("explain", "Two matrices (with swiglu three) and a bend, the same at every position, which sees no other position."),
         "y = W_{down} f(W_{up} x + b) + b", vaswani, "ffn_up", feedsForward),
    choice("feed_forward", feedForwardKind, "dense", "y = FFN(x)", vaswani, "ffn_up",
           LAB_TEXT("explain", "Dense: every position goes through the whole layer.")),
    choice("feed_forward", feedForwardKind, "experts", "y = \u03A3_{e \u2208 top k} g_{e} FFN_{e}(x), p = softmax(W_{r} x)",
           "Shazeer et al. 2017, arXiv 1701.06538; Fedus et al. 2021, arXiv 2101.03961; Jiang et al. 2024, arXiv 2401.04088", "choice",
           LAB_TEXT("explain",
                    "A mixture of experts: a router chooses for each position the k most probable of E layers, and their outputs are added "
                    "up, each times its gate.")),
    choice("feed_forward", activation, "relu", "max(0, u)", "Nair and Hinton 2010", "ffn_bend",
           LAB_TEXT("explain", "Negative numbers become 0.")),
    choice("feed_forward", activation, "gelu", "u \u03A6(u)", "Hendrycks and Gimpel 2016, arXiv 1606.08415", "ffn_bend",
           LAB_TEXT("explain", "Each number times the chance that a normal number is below it.")),
    choice("feed_forward", activation, "gelu-tanh", "u (1 + tanh(\u221A(2/\u03C0) (u + 0.044715 u\u00B3))) / 2",
           "Hendrycks and Gimpel 2016, arXiv 1606.08415", "ffn_bend", LAB_TEXT("explain", "gelu by an approximation, as GPT-2 has it.")),
    choice("feed_forward", activation, "swiglu", "silu(W_{gate} x) \u2299 W_{up} x, silu(u) = u / (1 + e^{\u2212u})",
           "Shazeer 2020, arXiv 2002.05202", "ffn_bend",
           LAB_TEXT("explain", "A third matrix makes a gate that multiplies the other rows.")),

    choice("feed_forward", activation, "quick-gelu", "u / (1 + e^{\u22121.702 u})", "Hendrycks and Gimpel 2016, arXiv 1606.08415; CLIP",
           "ffn_bend", LAB_TEXT("explain", "Each number times a logistic curve of it, near gelu and quicker to compute.")),
    choice("feed_forward", activation, "relu-squared", "max(0, u)\u00B2", "So et al. 2021 (Primer), arXiv 2109.08668", "ffn_bend",
           LAB_TEXT("explain", "Negative numbers become 0, others are squared.")),
    part("feed_forward", "model.feed_forward.bias", LAB_TEXT("explain", "biases of the feed-forward layer"),
         LAB_TEXT("explain", "Its matrices have a bias, whether those of attention have one or not."),
         "u = W_{up} x + b, y = W_{down} f + b", vaswani, "ffn_up",
         [](const Experiment& e) { return e.model.hasFeedForward() && e.model.feed_forward.bias.value_or(e.model.bias); }),

    choice("output", output, "linear", "l = W_{U} x + b", vaswani, "logits", LAB_TEXT("explain", "One matrix makes the logits.")),
    choice("output", output, "mlp", "l = W_{U} relu(LayerNorm(W x + b)) + b", borji, "hidden",
           LAB_TEXT("explain", "A hidden layer with a norm stands before the matrix that makes the logits.")),
    choice("output", output, "masked-word", "l = W_{U} LayerNorm(f(W x + b)) + b", bert, "hidden",
           LAB_TEXT("explain", "A hidden layer with the bend of the feed-forward layers and a norm, which BERT fills gaps by.")),
    choice("output", output, "none", "z", "", "", LAB_TEXT("explain", "Nothing is read off: the rows themselves are the result.")),
    part("output", "model.output.tied_bias", LAB_TEXT("explain", "tied embedding with a bias"),
         LAB_TEXT("explain", "A number for each token is added to the logits that the table of tokens makes."), "l = E h + b", bert,
         "logits", [](const Experiment& e) { return e.model.output.tied && e.model.output.tied_bias; }),
    part("output", "model.output.tied", LAB_TEXT("explain", "tied embedding"),
         LAB_TEXT("explain", "The table of tokens serves as the matrix of the logits too."), "W_{U} = E",
         "Press and Wolf 2016, arXiv 1608.05859", "logits", [](const Experiment& e) { return e.model.output.tied; }),
    choice("output", loss, "cross-entropy", "L = mean(\u2212ln p_{target}), p = softmax(l)", "", "loss",
           LAB_TEXT("explain", "Logits become probabilities; the loss is the mean of \u2212ln p of the targets.")),
    part("output", "training.label_smoothing", LAB_TEXT("explain", "label smoothing"),
         LAB_TEXT("explain", "Training aims at a share of the other classes, too, so that it does not pay to be ever more certain."),
         "t = 1 \u2212 \u03B5_{s} + \u03B5_{s} / K, elsewhere \u03B5_{s} / K", "Szegedy et al. 2015, arXiv 1512.00567", "d_logits",
         [](const Experiment& e) { return e.training.answer_cost.label_smoothing > 0 && !e.model.answersNumbers(); }),
    part("output", "training.z_loss", LAB_TEXT("explain", "z-loss"),
         LAB_TEXT("explain", "Training also pays for a divisor Z of the softmax that is far from 1."),
         "\u03B6_{z} (ln Z)\u00B2, Z = \u03A3_{r} exp(l_{r})", "Chowdhery et al. 2022, arXiv 2204.02311", "d_logits",
         [](const Experiment& e) { return e.training.answer_cost.z_loss > 0 && !e.model.answersNumbers(); }),
    choice("output", loss, "squared", "L = mean(\u00BD (\u0177 \u2212 t)\u00B2)", "", "loss",
           LAB_TEXT("explain", "The outputs are numbers; the loss is half the mean square of what they miss.")),
    choice("output", readout, "every", "i = 0, \u2026, n \u2212 1", vaswani, "logits",
           LAB_TEXT("explain", "Every position answers of which something is asked.")),
    choice("output", readout, "last", "i = n \u2212 1", vonOswald, "logits", LAB_TEXT("explain", "The last position alone answers.")),
    choice("output", readout, "class", "i = 0", dosovitskiy, "logits",
           LAB_TEXT("explain", "The class token\u2019s position alone answers.")),

    choice("training", optimizer, "sgd", "", "Robbins and Monro 1951; momentum: Polyak 1964", "update",
           LAB_TEXT("explain", "A step against the gathered gradient.")),
    choice("training", optimizer, "adam", "", "Kingma and Ba 2014, arXiv 1412.6980", "update",
           LAB_TEXT("explain", "The mean gradient divided by the root of its mean square, weight by weight.")),
    choice(
        "training", optimizer, "adamw",
        "w \u2190 w \u2212 \u03B7 m\u0302 / (\u221Av\u0302 + \u03B5) \u2212 \u03B7 \u03BB w, m\u0302 = m\u2032 / (1 \u2212 \u03B2_{1}^{t})",
        "Loshchilov and Hutter 2017, arXiv 1711.05101", "update",
        LAB_TEXT("explain", "Adam; where weight_decay \u03BB is above 0, matrices also shrink at each step.")),
    choice(
        "training", optimizer, "lion", "w \u2190 w \u2212 \u03B7 sign(\u03B2_{1} m + (1 \u2212 \u03B2_{1}) g) \u2212 \u03B7 \u03BB w",
        "Chen et al. 2023, arXiv 2302.06675", "update",
        LAB_TEXT(
            "explain",
            "Only the sign of a mixture of gradient and mean counts: decay aside, a weight moves by \u03B7 up or down where it is not 0.")),
    choice("training", optimizer, "muon", "w \u2190 w \u2212 \u03B7 \u221Amax(1, out / in) orthogonal(ahead) \u2212 \u03B7 \u03BB w",
           "Jordan et al. 2024", "update",
           LAB_TEXT("explain", "A matrix moves by its gathered gradient, orthogonalised; the rest goes by AdamW.")),
    choice("training", optimizer, "adafactor",
           "w \u2190 w \u2212 \u03B7 u / max(1, RMS(u)) \u2212 \u03B7 \u03BB w, u = g / \u221A(R\u2032 C\u2032 / mean R\u2032)",
           "Shazeer and Stern 2018, arXiv 1804.04235", "update",
           LAB_TEXT("explain",
                    "The gradient divided by the root of a mean square that is told by its row\u2019s and its column\u2019s means alone.")),
    choice("training", schedule, "constant", "\u03B7", "", "", LAB_TEXT("explain", "The learning rate stays.")),
    choice("training", schedule, "linear-warmup", "\u03B7 min(1, t / warmup)", "", "",
           LAB_TEXT("explain", "The learning rate rises in a line, then stays.")),
    choice("training", schedule, "cosine-warmup", "\u03B7 min(1, t / warmup) (1 + cos(\u03C0 t / T)) / 2",
           "cosine: Loshchilov and Hutter 2016, arXiv 1608.03983; its product with a warm-up: UvA tutorial 6", "",
           LAB_TEXT("explain", "It rises in a line and falls along a cosine.")),
    choice("training", schedule, "noam", "\u03B7 d_{model}^{\u22121/2} min(t^{\u22121/2}, t warmup^{\u22123/2})", vaswani, "",
           LAB_TEXT("explain", "It rises in a line, then falls as one over the root of the step.")),
    choice("training", schedule, "inverse-sqrt", "\u03B7 min(t / warmup, \u221A(warmup / t))", vaswani, "",
           LAB_TEXT("explain", "It rises in a line to \u03B7, then falls as one over the root of the step.")),
    choice("training", schedule, "wsd", "\u03B7 min(1, t / warmup) min(1, (T \u2212 t) / decay)", "Hu et al. 2024, arXiv 2404.06395", "",
           LAB_TEXT("explain", "It rises in a line, stays, and falls to 0 in a line over the last steps.")),
    choice("training", schedule, "one-cycle", "\u03B7 / 25 \u2192 \u03B7 \u2192 \u03B7 / 250 000",
           "Smith and Topin 2017, arXiv 1708.07120; as PyTorch\u2019s OneCycleLR", "",
           LAB_TEXT("explain", "It rises along a cosine for a share of the steps, then falls along one to nearly 0.")),
    choice("training", initialisation, "paper", "\u00B1\u221A(6 / (in + out)), \u00B11/\u221Ain", borji, "",
           LAB_TEXT("explain",
                    "Attention\u2019s matrices Xavier-uniform, q, k and v as one, with biases 0; others uniform by their inputs, learned "
                    "positions normal, 0.02.")),
    choice("training", initialisation, "gpt2", "N(0, 0.02\u00B2)", gpt2, "",
           LAB_TEXT("explain", "Matrices normal, what adds to the stream smaller, KV+Pos\u2019s map Xavier-uniform; biases 0.")),
    choice("training", initialisation, "xavier", "\u00B1\u221A(6 / (in + out))", "Glorot and Bengio 2010", "",
           LAB_TEXT("explain",
                    "Matrices uniform by their inputs and outputs; the tables of tokens and positions normal, 1/\u221A"
                    "d_{model}; biases 0.")),
    choice(
        "training", initialisation, "slots", "W_{in} = I, W_{U} = \u2212e_{last}", vonOswald, "",
        LAB_TEXT("explain",
                 "The stream starts as the vector itself, and minus its last number is the answer; other matrices are small and normal.")),
    choice(
        "training", initialisation, "gradient-descent", "\u0177 = \u03B7/N \u03A3_{j} t_{j} (x_{j} \u00B7 x)", vonOswald, "",
        LAB_TEXT("explain",
                 "As slots, and each layer of attention is one step of gradient descent on the points of the context, by construction.")),
    choice("training", initialisation, "pytorch", "N(0, 1), \u00B11/\u221Ain", "PyTorch 2.x", "",
           LAB_TEXT("explain", "Tables normal with spread 1, other matrices uniform by their inputs, as PyTorch\u2019s layers begin.")),
    part("training", "model.dropout", LAB_TEXT("explain", "dropout"),
         LAB_TEXT("explain", "While training, numbers are set to 0 at random and the rest scaled up."), "x \u2299 mask / (1 \u2212 p)",
         "Srivastava et al. 2014", "", [](const Experiment& e) { return e.model.dropout > 0.0; }),
    part(
        "training", "model.layer_dropout", LAB_TEXT("explain", "stochastic depth"),
        LAB_TEXT(
            "explain",
            "While training, what a part of a layer adds is left out for a whole sequence at random, later layers\u2019 parts more often."),
        "x + b f(x) / (1 \u2212 p_{l}), P(b = 0) = p_{l} = p l / L", "Huang et al. 2016, arXiv 1603.09382", "",
        [](const Experiment& e) { return e.model.layer_dropout > 0.0; }),
    part("training", "training.clip_norm", LAB_TEXT("explain", "gradient clipping"),
         LAB_TEXT("explain", "A gradient longer than the limit is scaled down to it."), "g min(1, clip / |g|)",
         "Pascanu et al. 2013, arXiv 1211.5063", "update", [](const Experiment& e) { return e.training.clip_norm > 0.0; }),
};

}  // namespace

std::span<const ComponentGroup> componentGroups() {
    return groups;
}

std::span<const ComponentRow> componentRows() {
    return componentTable;
}

}  // namespace lab::explain
