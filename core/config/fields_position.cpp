#include "core/config/field_list.h"

namespace lab {
namespace {

bool isRope(const Experiment& e) {
    return e.model.position.kind == PositionKind::rope;
}

/// Applies with rope scaled in one of these ways.
auto scaledBy(std::vector<RopeScalingKind> kinds) {
    return [kinds = std::move(kinds)](const Experiment& e) {
        bool found = false;
        for (const RopeScalingKind kind : kinds) found = found || e.model.position.rope.scaling.kind == kind;
        return isRope(e) && found;
    };
}

using enum RopeScalingKind;

void addCommonScaling(FieldList& list) {
    list.add("model.position.rope.scaling.kind", [](auto& e) -> auto& { return e.model.position.rope.scaling.kind; },
             {.help = LAB_TEXT(
                  "help",
                  "How rotations are slowed for sequences longer than in training. linear: theta / factor (Chen 2023, arXiv 2306.15595); "
                  "ntk: base * factor^(d / (d - 2)); yarn: between both, pair by pair (Peng 2023, arXiv 2309.00071); longrope: a factor "
                  "for each pair (Ding 2024, arXiv 2402.13753); llama3: theta / factor for long wavelengths only (Llama 3.1)."),
              .applies = isRope,
              .label = "scaling"});
    list.add("model.position.rope.scaling.factor", [](auto& e) -> auto& { return e.model.position.rope.scaling.factor; },
             {.help = LAB_TEXT("help", "How many times longer than original sequences may become."),
              .limits = {1, 1e6},
              .applies = scaledBy({linear, ntk, yarn, llama3}),
              .presence = Presence::required});
    list.add("model.position.rope.scaling.original_max_seq_len",
             [](auto& e) -> auto& { return e.model.position.rope.scaling.original_max_seq_len; },
             {.help = LAB_TEXT("help", "The sequence length for which rotations are unscaled."),
              .limits = {2, 1 << 24},
              .applies = scaledBy({yarn, longrope, llama3}),
              .presence = Presence::required});
}

void addYarn(FieldList& list) {
    list.add("model.position.rope.scaling.beta_fast", [](auto& e) -> auto& { return e.model.position.rope.scaling.beta_fast; },
             {.help = LAB_TEXT("help", "Pairs that turn more often than this within original_max_seq_len are left as they are."),
              .limits = {0, 1e6, true, false},
              .applies = scaledBy({yarn})});
    list.add("model.position.rope.scaling.beta_slow", [](auto& e) -> auto& { return e.model.position.rope.scaling.beta_slow; },
             {.help = LAB_TEXT("help", "Pairs that turn less often than this within original_max_seq_len are slowed by the whole factor."),
              .limits = {0, 1e6, true, false},
              .applies = scaledBy({yarn})});
}

void addLongrope(FieldList& list) {
    list.add("model.position.rope.scaling.max_seq_len", [](auto& e) -> auto& { return e.model.position.rope.scaling.max_seq_len; },
             {.help = LAB_TEXT("help",
                               "The longest sequence wanted; cos and sin are multiplied by sqrt(1 + ln(max / original) / ln(original))."),
              .limits = {1, 1 << 24},
              .applies = scaledBy({longrope}),
              .presence = Presence::required,
              .label = "longest"});
    list.add("model.position.rope.scaling.short_factors", [](auto& e) -> auto& { return e.model.position.rope.scaling.short_factors; },
             {.help = LAB_TEXT("help", "head_dim / 2 numbers that divide the pairs' frequencies in sequences up to original_max_seq_len."),
              .limits = {0, 1e6, true, false},
              .applies = scaledBy({longrope}),
              .presence = Presence::required});
    list.add("model.position.rope.scaling.long_factors", [](auto& e) -> auto& { return e.model.position.rope.scaling.long_factors; },
             {.help = LAB_TEXT("help", "head_dim / 2 numbers that divide the pairs' frequencies in longer sequences."),
              .limits = {0, 1e6, true, false},
              .applies = scaledBy({longrope}),
              .presence = Presence::required});
}

void addLlama3(FieldList& list) {
    list.add(
        "model.position.rope.scaling.low_freq_factor", [](auto& e) -> auto& { return e.model.position.rope.scaling.low_freq_factor; },
        {.help = LAB_TEXT("help", "llama3: wavelengths above original_max_seq_len / low_freq_factor are stretched by the whole factor."),
         .limits = {0, 1e6, true, false},
         .applies = scaledBy({llama3}),
         .presence = Presence::required});
    list.add("model.position.rope.scaling.high_freq_factor",
             [](auto& e) -> auto& { return e.model.position.rope.scaling.high_freq_factor; },
             {.help = LAB_TEXT("help", "llama3: wavelengths below original_max_seq_len / high_freq_factor are left as they are."),
              .limits = {0, 1e6, true, false},
              .applies = scaledBy({llama3}),
              .presence = Presence::required});
}

}  // namespace

void addPositionFields(FieldList& list) {
    list.add(
        "model.position.kind", [](auto& e) -> auto& { return e.model.position.kind; },
        {.help = LAB_TEXT(
             "help",
             "How the model knows order. sinusoidal: sin and cos of pos / 10000^(2 i / d) are added (Vaswani 2017); learned: a table is "
             "added; rope: queries and keys are rotated (Su 2021, arXiv 2104.09864); alibi: scores lose slope * |i - j| "
             "(Press 2021, arXiv 2108.12409); none."),
         .common = true,
         .label = "position"});
    list.add(
        "model.position.rope.base", [](auto& e) -> auto& { return e.model.position.rope.base; },
        {.help = LAB_TEXT("help", "Pair p turns by base^(-2 p / head_dim) radians a position."), .limits = {1, 1e12}, .applies = isRope});
    list.add(
        "model.position.rope.pairing", [](auto& e) -> auto& { return e.model.position.rope.pairing; },
        {.help = LAB_TEXT(
             "help",
             "Which channels form a pair. half: p and p + head_dim / 2 (GPT-NeoX, Hugging Face); interleaved: 2 p and 2 p + 1 (the paper, "
             "Meta's LLaMA)."),
         .applies = isRope});
    addCommonScaling(list);
    addYarn(list);
    addLongrope(list);
    addLlama3(list);
}

}  // namespace lab
