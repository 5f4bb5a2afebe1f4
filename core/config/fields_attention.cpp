#include "core/config/field_list.h"

namespace lab {
namespace {

void addPattern(FieldList& list) {
    const auto kind = [](auto& e) -> auto& {
        return e.model.attention.pattern.kind;
    };
    list.add("model.attention.pattern.kind", kind,
             {.help = kindHelp<PatternSpec>(LAB_TEXT("help", "Which keys a query may see; decoders intersect it with j <= i.")),
              .applies = attends,
              .label = "pattern"});
    list.addParameters("model.attention.pattern", kind, [](auto& e) -> auto& { return e.model.attention.pattern.parameters; },
                       {.applies = attends});
    list.add("model.attention.global_projections", [](auto& e) -> auto& { return e.model.attention.global_projections; },
             {.help = LAB_TEXT("help",
                               "Queries of the first `globals` tokens are made by a matrix of their own and read keys and values by two "
                               "more; all other queries use the common ones, towards these tokens too (Beltagy 2020, arXiv 2004.05150, "
                               "section 3.1)."),
              .applies = [](const Experiment& e) { return attends(e) && e.model.attention.pattern.kind->globalsApart; }});
    list.add("model.attention.full_every", [](auto& e) -> auto& { return e.model.attention.full_every; },
             {.help = LAB_TEXT("help",
                               "Each so-manyth layer of a side sees all keys, the others by the pattern: with 6 five local layers and a "
                               "global one in turn (Gemma 3, arXiv 2503.19786), with 2 every other one (Gemma 2, gpt-oss). 0: the pattern "
                               "holds in all layers."),
              .limits = {0, 1024},
              .applies = [](const Experiment& e) { return attends(e) && !(e.model.attention.pattern.kind == Kind<PatternSpec>()); }});
}

/// Layers that see everything whatever the pattern, and which maps have biases.
void addLayersAndBiases(FieldList& list) {
    list.add(
        "model.attention.full_first", [](auto& e) -> auto& { return e.model.attention.full_first; },
        {.help = LAB_TEXT("help", "So many layers of a side, its first, see all keys whatever the pattern (Qwen2's max_window_layers)."),
         .limits = {0, 1024},
         .applies = [](const Experiment& e) { return attends(e) && !(e.model.attention.pattern.kind == Kind<PatternSpec>()); }});
    list.add("model.attention.bias", [](auto& e) -> auto& { return e.model.attention.bias; },
             {.help = kindHelp<AttentionBias>(LAB_TEXT("help", "Which maps of attention have bias vectors. Absent: as model.bias says.")),
              .applies = attends,
              .presence = Presence::derived,
              .label = "attention bias"});
}

/// What a kernel that draws its features asks.
void addFeatures(FieldList& list) {
    const auto drawn = [](const Experiment& e) { return attends(e) && specOf(e.model.attention.kernel.kind).drawn; };
    list.add("model.attention.features", [](auto& e) -> auto& { return e.model.attention.features; },
             {.help = LAB_TEXT("help",
                               "Random features m of performer, that is rows of its matrix w: the more, the nearer its weights come to the "
                               "softmax's; time and memory grow with n m (FAVOR+, Choromanski 2020, arXiv 2009.14794)."),
              .limits = {1, 4096},
              .applies = drawn});
    list.add("model.attention.feature_seed", [](auto& e) -> auto& { return e.model.attention.feature_seed; },
             {.help = LAB_TEXT("help",
                               "Draws performer's matrix w, one for each layer, whose heads share it: rows in blocks at right angles to "
                               "each other, each as long as a vector of normal numbers. It is never drawn anew: another matrix would be "
                               "another function."),
              .applies = drawn});
}

bool usesSoftmax(const Experiment& e) {
    return attends(e) && specOf(e.model.attention.kernel.kind).scores;
}

/// What stands between scores, weights and the heads' outputs.
void addScores(FieldList& list) {
    const auto softmax = usesSoftmax;
    list.add(
        "model.attention.soft_cap", [](auto& e) -> auto& { return e.model.attention.soft_cap; },
        {.help = LAB_TEXT("help",
                          "Scores s become cap tanh(s / cap) before the mask, so that none leaves -cap .. cap (Gemma 2, arXiv 2408.00118, "
                          "with 50); 0: they stay as they are."),
         .limits = {0, 1e6},
         .applies = softmax});
    list.add("model.attention.sink", [](auto& e) -> auto& { return e.model.attention.sink; },
             {.help = LAB_TEXT("help",
                               "A learned number of each head stands as one more score in the softmax's denominator, of a key that has no "
                               "value (gpt-oss, arXiv 2508.10925): a row of weights then adds up to less than 1, and a head can look at "
                               "nothing. It starts at 0."),
              .applies = softmax});
    list.add(
        "model.attention.gate", [](auto& e) -> auto& { return e.model.attention.gate; },
        {.help = LAB_TEXT("help",
                          "Heads' outputs are multiplied, number by number, by sigmoid(W x + b) of the layer's own input x, before the "
                          "output projection (Qiu 2025, arXiv 2505.06708)."),
         .applies = attends});
    list.add(
        "model.attention.differential", [](auto& e) -> auto& { return e.model.attention.differential; },
        {.help = LAB_TEXT("help",
                          "Heads go in pairs: both mix their values by A1 - lambda A2, the difference of their two softmax maps, so "
                          "that what both look at is taken away; lambda = exp(q1 . k1) - exp(q2 . k2) + 0.8 - 0.6 exp(-0.3 l) is "
                          "learned in each layer l = 0, 1, .., and a pair\u2019s output is divided by its root mean square (differential "
                          "transformer, Ye 2024, arXiv 2410.05258). Weights then have any sign, and a row adds up to 1 - lambda."),
         .applies = softmax});
    list.add("model.attention.dropout", [](auto& e) -> auto& { return e.model.attention.dropout; },
             {.help = LAB_TEXT("help",
                               "Probability with which a weight is set to 0 in training; the others are divided by 1 - p, so that a row "
                               "adds up to 1 only on average (Vaswani 2017's code and BERT). Cross-attention's weights drop out too."),
              .limits = {0, 1, false, true},
              .applies = attends,
              .label = "attention dropout"});
}

/// How far each head learns to look.
void addSpans(FieldList& list) {
    list.add(
        "model.attention.span", [](auto& e) -> auto& { return e.model.attention.span; },
        {.help = LAB_TEXT("help",
                          "Each head learns how far it looks: weights are multiplied by clamp((R + z - |i - j|) / R, 0, 1) and divided "
                          "by what is left of their row, z = max_span times a learned share of the head (Sukhbaatar 2019, arXiv "
                          "1905.07799). Keys beyond every head's span and ramp are not computed in training, and not kept when a "
                          "decoder writes."),
         .applies = usesSoftmax});
    const auto learns = [](const Experiment& e) { return usesSoftmax(e) && e.model.attention.span; };
    list.add("model.attention.max_span", [](auto& e) -> auto& { return e.model.attention.max_span; },
             {.help = LAB_TEXT("help", "The longest span a head can learn, in tokens; as long as sequences unless given."),
              .limits = {1, mostRows},
              .applies = learns,
              .presence = Presence::derived});
    list.add("model.attention.span_ramp", [](auto& e) -> auto& { return e.model.attention.span_ramp; },
             {.help = LAB_TEXT("help",
                               "R: over so many tokens beyond its span a head's weights fall to 0. Only there does a span get a gradient "
                               "from the answers; 32 for long texts, 4 to 8 for sequences up to 128."),
              .limits = {1, mostRows},
              .applies = learns});
    list.add("model.attention.span_penalty", [](auto& e) -> auto& { return e.model.attention.span_penalty; },
             {.help = LAB_TEXT("help",
                               "What the mean span of a layer's heads, in tokens, is multiplied by and added to the loss, summed over "
                               "layers; 0: spans cost nothing (5e-7 for long texts in the paper)."),
              .limits = {0, 1e6},
              .applies = learns});
    list.add("model.attention.span_start", [](auto& e) -> auto& { return e.model.attention.span_start; },
             {.help = LAB_TEXT(
                  "help", "The share of max_span that every head uses at the start: at 0 a query sees what the ramp alone lets through."),
              .limits = {0, 1},
              .applies = learns});
}

}  // namespace

void addAttentionFields(FieldList& list) {
    list.add("model.attention.form", [](auto& e) -> auto& { return e.model.attention.form; },
             {.help = kindHelp<AttentionForm>(LAB_TEXT("help", "What is projected and how it is compared.")),
              .applies = attends,
              .common = true});
    addLayersAndBiases(list);
    list.add("model.attention.pos_dim", [](auto& e) -> auto& { return e.model.attention.pos_dim; },
             {.help = LAB_TEXT("help", "Channels m of the position table of kv+pos: S'_ij = sum_c w_c (S_ij + P_ijc) + b."),
              .limits = {1, 1024},
              .applies = [](const Experiment& e) { return attends(e) && specOf(e.model.attention.form).positionMap; }});
    list.add("model.attention.latent_dim", [](auto& e) -> auto& { return e.model.attention.latent_dim; },
             {.help = LAB_TEXT("help",
                               "Numbers of the vector c that form latent keeps of a token, instead of keys and values of all heads. "
                               "Absent: a quarter of d_model, at least 1."),
              .limits = {1, 16384},
              .applies = [](const Experiment& e) { return attends(e) && specOf(e.model.attention.form).latent; },
              .presence = Presence::derived});
    list.add(
        "model.attention.share_kv", [](auto& e) -> auto& { return e.model.attention.share_kv; },
        {.help = LAB_TEXT("help",
                          "So many neighbouring layers of a side share the keys and values of the first of them, normalised and rotated "
                          "there: layer l, from 0, has q = W_Q x of its own and reads k and v of layer m floor(l / m), m this number. "
                          "The others have no W_K and W_V, and a decoder keeps keys and values once for each group, with 2 half as many "
                          "(Cross-Layer Attention, Brandon 2024, arXiv 2405.12981). 1: each layer has its own."),
         .limits = {1, 256},
         .applies = attends});
    list.add("model.attention.kernel", [](auto& e) -> auto& { return e.model.attention.kernel.kind; },
             {.help = kindHelp<KernelKind>(LAB_TEXT("help", "How queries and keys make weights.")), .applies = attends});
    addFeatures(list);
    addPattern(list);
    list.add("model.attention.mask_diagonal", [](auto& e) -> auto& { return e.model.attention.mask_diagonal; },
             {.help = LAB_TEXT(
                  "help",
                  "Forbids a position to look at itself, unless it has nothing else to look at, as Reformer does with shared queries "
                  "and keys (Kitaev 2020, arXiv 2001.04451)."),
              .applies = attends});
    addScores(list);
    addSpans(list);
    list.add("model.attention.qk_norm", [](auto& e) -> auto& { return e.model.attention.qk_norm; },
             {.help = LAB_TEXT(
                  "help",
                  "Root-mean-square norm of each head's query and key, before any rotation, with one learned gain of head_dim numbers "
                  "for all queries of a layer and one for its keys, as in Qwen3; epsilon is norm.epsilon. Scores no longer grow with "
                  "the vectors' lengths (Henry 2020, arXiv 2010.04245)."),
              .applies = attends});
    list.add("model.attention.unit_keys", [](auto& e) -> auto& { return e.model.attention.unit_keys; },
             {.help = LAB_TEXT("help",
                               "Each key is divided by its length, behind norm and rotation, queries stay as they are: with form kv or k "
                               "Reformer's shared queries and keys, k_j = q_j / |q_j| (Kitaev 2020, arXiv 2001.04451, section 2), which "
                               "masks the diagonal besides. Values are not divided."),
              .applies = attends});
}

}  // namespace lab
