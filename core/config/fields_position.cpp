#include "core/config/field_list.h"

namespace lab {
namespace {

bool isRope(const Experiment& e) {
    return specOf(e.model.position.kind).rotates;
}

/// Applies with rope whose scaling uses the key.
auto scaledWith(std::string_view key) {
    return [key](const Experiment& e) { return isRope(e) && e.model.position.rope.scaling.kind->uses(key); };
}

void addCommonScaling(FieldList& list) {
    list.add("model.position.rope.scaling.kind", [](auto& e) -> auto& { return e.model.position.rope.scaling.kind; },
             {.help = kindHelp<RopeScalingSpec>(LAB_TEXT("help", "How rotations are slowed for sequences longer than in training.")),
              .applies = isRope,
              .label = "scaling"});
    list.add("model.position.rope.scaling.factor", [](auto& e) -> auto& { return e.model.position.rope.scaling.factor; },
             {.help = LAB_TEXT("help", "How many times longer than original sequences may become."),
              .limits = {1, 1e6},
              .applies = scaledWith("factor"),
              .presence = Presence::required});
    list.add("model.position.rope.scaling.original_max_seq_len",
             [](auto& e) -> auto& { return e.model.position.rope.scaling.original_max_seq_len; },
             {.help = LAB_TEXT("help",
                               "The sequence length trained at: yarn and llama3 count the turns of pairs within it, longrope uses its long "
                               "factors beyond it, dynamic slows rotations with every token beyond it."),
              .limits = {2, mostRows},
              .applies = scaledWith("original_max_seq_len"),
              .presence = Presence::required});
}

void addYarn(FieldList& list) {
    list.add("model.position.rope.scaling.beta_fast", [](auto& e) -> auto& { return e.model.position.rope.scaling.beta_fast; },
             {.help = LAB_TEXT("help", "Pairs that turn more often than this within original_max_seq_len are left as they are."),
              .limits = {0, 1e6, true, false},
              .applies = scaledWith("beta_fast")});
    list.add("model.position.rope.scaling.beta_slow", [](auto& e) -> auto& { return e.model.position.rope.scaling.beta_slow; },
             {.help = LAB_TEXT("help", "Pairs that turn less often than this within original_max_seq_len are slowed by the whole factor."),
              .limits = {0, 1e6, true, false},
              .applies = scaledWith("beta_slow")});
}

/// What published models set beside the rules of their scalings.
void addFactors(FieldList& list) {
    list.add("model.position.rope.scaling.attention_factor",
             [](auto& e) -> auto& { return e.model.position.rope.scaling.attention_factor; },
             {.help = LAB_TEXT("help", "What cos and sin are multiplied by, in place of the scaling's own rule. Absent: the rule."),
              .limits = {0, 1e6, true, false},
              .applies = scaledWith("attention_factor"),
              .presence = Presence::derived});
    list.add("model.position.rope.scaling.truncate", [](auto& e) -> auto& { return e.model.position.rope.scaling.truncate; },
             {.help = LAB_TEXT("help", "yarn: whether its ramp begins and ends at whole pairs, as in the published code."),
              .applies = scaledWith("truncate")});
}

void addLongrope(FieldList& list) {
    list.add("model.position.rope.scaling.max_seq_len", [](auto& e) -> auto& { return e.model.position.rope.scaling.max_seq_len; },
             {.help = LAB_TEXT("help",
                               "The longest sequence wanted; cos and sin are multiplied by sqrt(1 + ln(max / original) / ln(original))."),
              .limits = {1, mostRows},
              .applies = scaledWith("max_seq_len"),
              .presence = Presence::required,
              .label = "longest"});
    list.add("model.position.rope.scaling.short_factors", [](auto& e) -> auto& { return e.model.position.rope.scaling.short_factors; },
             {.help = LAB_TEXT("help", "head_dim / 2 numbers that divide the pairs' frequencies in sequences up to original_max_seq_len."),
              .limits = {0, 1e6, true, false},
              .applies = scaledWith("short_factors"),
              .presence = Presence::required});
    list.add("model.position.rope.scaling.long_factors", [](auto& e) -> auto& { return e.model.position.rope.scaling.long_factors; },
             {.help = LAB_TEXT("help", "head_dim / 2 numbers that divide the pairs' frequencies in longer sequences."),
              .limits = {0, 1e6, true, false},
              .applies = scaledWith("long_factors"),
              .presence = Presence::required});
}

void addLlama3(FieldList& list) {
    list.add(
        "model.position.rope.scaling.low_freq_factor", [](auto& e) -> auto& { return e.model.position.rope.scaling.low_freq_factor; },
        {.help = LAB_TEXT("help", "llama3: wavelengths above original_max_seq_len / low_freq_factor are stretched by the whole factor."),
         .limits = {0, 1e6, true, false},
         .applies = scaledWith("low_freq_factor"),
         .presence = Presence::required});
    list.add("model.position.rope.scaling.high_freq_factor",
             [](auto& e) -> auto& { return e.model.position.rope.scaling.high_freq_factor; },
             {.help = LAB_TEXT("help", "llama3: wavelengths below original_max_seq_len / high_freq_factor are left as they are."),
              .limits = {0, 1e6, true, false},
              .applies = scaledWith("high_freq_factor"),
              .presence = Presence::required});
}

}  // namespace

void addPositionFields(FieldList& list) {
    list.add("model.position.kind", [](auto& e) -> auto& { return e.model.position.kind; },
             {.help = kindHelp<PositionKind>(LAB_TEXT("help", "How the model knows order.")), .common = true, .label = "position"});
    list.add(
        "model.position.rope.base", [](auto& e) -> auto& { return e.model.position.rope.base; },
        {.help = LAB_TEXT("help", "Pair p turns by base^(-2 p / head_dim) radians a position."), .limits = {1, 1e12}, .applies = isRope});
    list.add("model.position.rope.pairing", [](auto& e) -> auto& { return e.model.position.rope.pairing; },
             {.help = kindHelp<RopePairing>(LAB_TEXT("help", "Which channels form a pair.")), .applies = isRope});
    list.add("model.position.rope.dims", [](auto& e) -> auto& { return e.model.position.rope.dims; },
             {.help = LAB_TEXT("help",
                               "How many channels of each head turn: those of its first dims / 2 pairs, pair p by base^(-2 p / dims); the "
                               "others stay (GPT-NeoX, arXiv 2204.06745). With form latent they are the channels whose key all heads "
                               "share. Absent: all of them."),
              .limits = {2, 16384},
              .applies = isRope,
              .label = "rotated channels"});
    const auto hasTable = [](const Experiment& e) { return attends(e) && specOf(e.model.position.kind).biasTable; };
    list.add("model.position.buckets", [](auto& e) -> auto& { return e.model.position.buckets; },
             {.help = LAB_TEXT("help",
                               "Buckets of distances that relative-bias learns numbers for: half of them for one distance each, the others "
                               "ever wider up to max_distance. Where keys behind the query are seen too, half of all are for these."),
              .limits = {2, 4096},
              .applies = hasTable});
    list.add("model.position.max_distance", [](auto& e) -> auto& { return e.model.position.max_distance; },
             {.help = LAB_TEXT("help", "The distance from which on all keys share the last bucket."),
              .limits = {1, mostRows},
              .applies = hasTable});
    list.add(
        "model.position.skip_every", [](auto& e) -> auto& { return e.model.position.skip_every; },
        {.help = LAB_TEXT("help",
                          "Each so-manyth layer of a side does without rotations, biases or relative vectors (NoPE layers, SmolLM3 with "
                          "4); 0: all layers have them."),
         .limits = {0, 1024},
         .applies = [](const Experiment& e) {
             const PositionSpec& kind = specOf(e.model.position.kind);
             return attends(e) && (kind.rotates || kind.biasesScores || kind.biasTable || kind.vectors);
         }});
    addCommonScaling(list);
    addYarn(list);
    addLongrope(list);
    addLlama3(list);
    addFactors(list);
}

}  // namespace lab
