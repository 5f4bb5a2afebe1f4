#include "core/config/field_list.h"

namespace lab {
namespace {

bool usesPattern(const Experiment& e, std::initializer_list<PatternKind> kinds) {
    for (const PatternKind kind : kinds) {
        if (e.model.attention.pattern.kind == kind) return true;
    }
    return false;
}

bool isPerformer(const Experiment& e) {
    return e.model.attention.kernel.kind == KernelKind::performer;
}

void addKernel(FieldList& list) {
    list.add("model.attention.kernel", [](auto& e) -> auto& { return e.model.attention.kernel.kind; },
             {.help = LAB_TEXT("help",
                               "softmax: weights = softmax(q . k / sqrt(head_dim)); linear: weights = phi(q) . phi(k) / their row sum with "
                               "phi(x) = elu(x) + 1, without the root (Katharopoulos 2020, arXiv 2006.16236)."),
              .unavailable = {"performer"}});
    list.add("model.attention.kernel.features", [](auto& e) -> auto& { return e.model.attention.kernel.features; },
             {.help = LAB_TEXT("help", "Random features of the performer kernel (Choromanski 2020, arXiv 2009.14794)."),
              .limits = {1, 65536},
              .applies = isPerformer});
    list.add("model.attention.kernel.seed", [](auto& e) -> auto& { return e.model.attention.kernel.seed; },
             {.help = LAB_TEXT("help", "Draws the performer's random features."),
              .limits = {0, 9007199254740991.0},
              .applies = isPerformer,
              .label = "kernel seed"});
}

void addWindow(FieldList& list) {
    list.add(
        "model.attention.pattern.window", [](auto& e) -> auto& { return e.model.attention.pattern.window; },
        {.help = LAB_TEXT("help", "How far a query sees: keys with |i - j| <= window."),
         .limits = {0, 1 << 24},
         .applies =
             [](const Experiment& e) {
                 return usesPattern(e, {PatternKind::sliding_window, PatternKind::longformer, PatternKind::strided, PatternKind::bigbird});
             },
         .presence = Presence::required});
    list.add("model.attention.pattern.globals", [](auto& e) -> auto& { return e.model.attention.pattern.globals; },
             {.help = LAB_TEXT("help", "The first so many positions see all and are seen by all."),
              .limits = {0, 1 << 24},
              .applies =
                  [](const Experiment& e) {
                      return usesPattern(e, {PatternKind::longformer, PatternKind::bigbird});
                  },
              .presence = Presence::required});
    list.add("model.attention.pattern.stride", [](auto& e) -> auto& { return e.model.attention.pattern.stride; },
             {.help = LAB_TEXT("help", "Beyond the window, keys whose distance is a multiple of the stride."),
              .limits = {1, 1 << 24},
              .applies = [](const Experiment& e) { return usesPattern(e, {PatternKind::strided}); },
              .presence = Presence::required});
}

void addPattern(FieldList& list) {
    list.add(
        "model.attention.pattern.kind", [](auto& e) -> auto& { return e.model.attention.pattern.kind; },
        {.help = LAB_TEXT(
             "help",
             "Which keys a query may see. full: all; sliding-window: |i - j| <= window; longformer: also i or j below globals "
             "(Beltagy 2020, arXiv 2004.05150); strided: also (i - j) mod stride = 0 (Child 2019). Decoders intersect it with j <= i."),
         .label = "pattern",
         .unavailable = {"bigbird"}});
    addWindow(list);
    const auto isBigbird = [](const Experiment& e) { return usesPattern(e, {PatternKind::bigbird}); };
    list.add("model.attention.pattern.randoms", [](auto& e) -> auto& { return e.model.attention.pattern.randoms; },
             {.help = LAB_TEXT("help", "Random keys a row in the bigbird pattern (Zaheer 2020, arXiv 2007.14062)."),
              .limits = {0, 1 << 24},
              .applies = isBigbird,
              .presence = Presence::required});
    list.add("model.attention.pattern.seed", [](auto& e) -> auto& { return e.model.attention.pattern.seed; },
             {.help = LAB_TEXT("help", "Draws bigbird's random keys."),
              .limits = {0, 9007199254740991.0},
              .applies = isBigbird,
              .presence = Presence::required,
              .label = "pattern seed"});
}

}  // namespace

void addAttentionFields(FieldList& list) {
    list.add("model.attention.form", [](auto& e) -> auto& { return e.model.attention.form; },
             {.help = LAB_TEXT(
                  "help",
                  "qkv: separate queries, keys and values; kv: keys serve as queries, so scores k_i . k_j are symmetric; kv+pos: kv whose "
                  "scores pass through a learned map of a two-dimensional position table (Borji 2023, arXiv 2305.19129)."),
              .common = true,
              .unavailable = {"q+kv"}});
    list.add("model.attention.pos_dim", [](auto& e) -> auto& { return e.model.attention.pos_dim; },
             {.help = LAB_TEXT("help", "Channels m of the position table of kv+pos: S'_ij = sum_c w_c (S_ij + P_ijc) + b."),
              .limits = {1, 1024},
              .applies = [](const Experiment& e) { return e.model.attention.form == AttentionForm::kv_pos; }});
    addKernel(list);
    addPattern(list);
    list.add("model.attention.mask_diagonal", [](auto& e) -> auto& { return e.model.attention.mask_diagonal; },
             {.help = LAB_TEXT("help",
                               "Forbids a position to look at itself, as Reformer does with shared queries and keys (arXiv 2001.04451)."),
              .unavailable = {"true"}});
    list.add("model.attention.qk_norm", [](auto& e) -> auto& { return e.model.attention.qk_norm; },
             {.help = LAB_TEXT("help", "Normalises queries and keys before their product, which makes scores cosines."),
              .unavailable = {"true"}});
}

}  // namespace lab
