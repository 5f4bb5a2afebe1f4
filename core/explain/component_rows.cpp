// Formula and source of every component. A choice of a setting that has no row here fails components_test.

#include "core/explain/component_rows.h"

namespace lab::explain {
namespace {

constexpr const char* vaswani = "Vaswani et al. 2017, arXiv 1706.03762";
constexpr const char* borji = "Borji 2023, arXiv 2305.19129";
constexpr const char* gpt2 = "Radford et al. 2019 (GPT-2)";

constexpr const char* dosovitskiy = "Dosovitskiy et al. 2020, arXiv 2010.11929";
constexpr const char* straightThrough = "straight-through: Bengio et al. 2013, arXiv 1308.3432";
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
constexpr const char* mixer = "model.mixer.kind";
constexpr const char* form = "model.attention.form";
constexpr const char* kernel = "model.attention.kernel";
constexpr const char* pattern = "model.attention.pattern.kind";
constexpr const char* norm = "model.norm.kind";
constexpr const char* placement = "model.norm.placement";
constexpr const char* activation = "model.feed_forward.activation";
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
    return e.model.hasFeedForward();
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
    choice("attention", kernel, "softmax", "a_{ij} = exp(s_{ij}) / \u03A3_{m} exp(s_{im}), s_{ij} = q_{i} \u00B7 k_{j} / \u221Ad_{h}",
           vaswani, "weights", LAB_TEXT("explain", "Weights are exponentials of the scores, divided by their row\u2019s sum.")),
    choice("attention", kernel, "linear",
           "a_{ij} = \u03C6(q_{i}) \u00B7 \u03C6(k_{j}) / \u03A3_{m} \u03C6(q_{i}) \u00B7 \u03C6(k_{m}), \u03C6 = elu + 1",
           "Katharopoulos et al. 2020, arXiv 2006.16236", "phi",
           LAB_TEXT("explain", "A feature map in the place of the exponential: the sums can be kept running, at a cost linear in length.")),
    choice("attention", kernel, "product", "a_{ij} = q_{i} \u00B7 k_{j}", vonOswald, "weights",
           LAB_TEXT("explain", "The products themselves are the weights: of any size and sign, and no sum is shared.")),
    part("attention", "model.num_heads", LAB_TEXT("explain", "multi-head attention"),
         LAB_TEXT("explain", "Several heads attend side by side in fewer channels each; W_{O} mixes their outputs."),
         "y = W_{O} [o^{0}, \u2026, o^{H\u22121}]", vaswani, "heads", [](const Experiment& e) { return e.model.num_heads > 1; }),
    part("attention", "model.num_kv_heads", LAB_TEXT("explain", "grouped-query attention (GQA)"),
         LAB_TEXT("explain", "Heads share keys and values in G groups, which makes the cache of keys and values smaller."),
         "h \u2192 \u230Ah G / H\u230B", "Ainslie et al. 2023, arXiv 2305.13245", "project", sharesHeads),
    part("attention", "model.num_kv_heads", LAB_TEXT("explain", "multi-query attention (MQA)"),
         LAB_TEXT("explain", "All heads share one key-value head."), "G = 1", "Shazeer 2019, arXiv 1911.02150", "project", hasOneKeyHead),
    part("attention", "model.attention.qk_norm", LAB_TEXT("explain", "norm of queries and keys"),
         LAB_TEXT("explain",
                  "Each head\u2019s queries and keys are divided by their root mean square and scaled, which bounds the products."),
         "q* = \u03B3 q / rms(q), k* = \u03B3 k / rms(k)", "after Henry et al. 2020, arXiv 2010.04245; RMS with gains as in Qwen3",
         "normalise", [](const Experiment& e) { return e.model.attention.qk_norm; }),

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

    choice("pattern", pattern, "blocks", "\u230Ai / b\u230B = \u230Aj / b\u230B", "Qiu et al. 2019, arXiv 1911.02972", "mask",
           LAB_TEXT("explain", "Positions stand in blocks of b, and each block sees itself alone.")),

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
    choice("feed_forward", activation, "relu", "max(0, u)", "Nair and Hinton 2010", "ffn_bend",
           LAB_TEXT("explain", "Negative numbers become 0.")),
    choice("feed_forward", activation, "gelu", "u \u03A6(u)", "Hendrycks and Gimpel 2016, arXiv 1606.08415", "ffn_bend",
           LAB_TEXT("explain", "Each number times the chance that a normal number is below it.")),
    choice("feed_forward", activation, "gelu-tanh", "u (1 + tanh(\u221A(2/\u03C0) (u + 0.044715 u\u00B3))) / 2",
           "Hendrycks and Gimpel 2016, arXiv 1606.08415", "ffn_bend", LAB_TEXT("explain", "gelu by an approximation, as GPT-2 has it.")),
    choice("feed_forward", activation, "swiglu", "silu(W_{gate} x) \u2299 W_{up} x, silu(u) = u / (1 + e^{\u2212u})",
           "Shazeer 2020, arXiv 2002.05202", "ffn_bend",
           LAB_TEXT("explain", "A third matrix makes a gate that multiplies the other rows.")),

    choice("output", output, "linear", "l = W_{U} x + b", vaswani, "logits", LAB_TEXT("explain", "One matrix makes the logits.")),
    choice("output", output, "mlp", "l = W_{U} relu(LayerNorm(W x + b)) + b", borji, "hidden",
           LAB_TEXT("explain", "A hidden layer with a norm stands before the matrix that makes the logits.")),
    part("output", "model.output.tied", LAB_TEXT("explain", "tied embedding"),
         LAB_TEXT("explain", "The table of tokens serves as the matrix of the logits too."), "W_{U} = E",
         "Press and Wolf 2016, arXiv 1608.05859", "logits", [](const Experiment& e) { return e.model.output.tied; }),
    choice("output", loss, "cross-entropy", "L = mean(\u2212ln p_{target}), p = softmax(l)", "", "loss",
           LAB_TEXT("explain", "Logits become probabilities; the loss is the mean of \u2212ln p of the targets.")),
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
    choice("training", schedule, "constant", "\u03B7", "", "", LAB_TEXT("explain", "The learning rate stays.")),
    choice("training", schedule, "linear-warmup", "\u03B7 min(1, t / warmup)", "", "",
           LAB_TEXT("explain", "The learning rate rises in a line, then stays.")),
    choice("training", schedule, "cosine-warmup", "\u03B7 min(1, t / warmup) (1 + cos(\u03C0 t / T)) / 2",
           "cosine: Loshchilov and Hutter 2016, arXiv 1608.03983; its product with a warm-up: UvA tutorial 6", "",
           LAB_TEXT("explain", "It rises in a line and falls along a cosine.")),
    choice("training", schedule, "noam", "\u03B7 d_{model}^{\u22121/2} min(t^{\u22121/2}, t warmup^{\u22123/2})", vaswani, "",
           LAB_TEXT("explain", "It rises in a line, then falls as one over the root of the step.")),
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
