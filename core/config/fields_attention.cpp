#include "core/config/field_list.h"

namespace lab {
namespace {

bool isPerformer(const Experiment& e) {
    return e.model.attention.kernel.kind == KernelKind::performer;
}

void addKernel(FieldList& list) {
    list.add("model.attention.kernel", [](auto& e) -> auto& { return e.model.attention.kernel.kind; },
             {.help = "softmax: weights = softmax(q . k / sqrt(head_dim)); linear: weights = phi(q) . phi(k) / their row sum with "
                      "phi(x) = elu(x) + 1, without the root (Katharopoulos 2020, arXiv 2006.16236).",
              .unavailable = {"performer"}});
    list.add("model.attention.kernel.features", [](auto& e) -> auto& { return e.model.attention.kernel.features; },
             {.help = "Random features of the performer kernel (Choromanski 2020, arXiv 2009.14794).",
              .limits = {1, 65536},
              .applies = isPerformer});
    list.add("model.attention.kernel.seed", [](auto& e) -> auto& { return e.model.attention.kernel.seed; },
             {.help = "Draws the performer's random features.",
              .limits = {0, 9007199254740991.0},
              .applies = isPerformer,
              .label = "kernel seed"});
}

void addPattern(FieldList& list) {
    const auto kind = [](auto& e) -> auto& {
        return e.model.attention.pattern.kind;
    };
    list.add("model.attention.pattern.kind", kind,
             {.help = kindHelp<PatternSpec>(LAB_TEXT("fields", "Which keys a query may see; decoders intersect it with j <= i.")).english(),
              .label = "pattern"});
    list.addParameters(
        "model.attention.pattern", kind, [](auto& e) -> auto& { return e.model.attention.pattern.parameters; });
}

}  // namespace

void addAttentionFields(FieldList& list) {
    list.add(
        "model.attention.form", [](auto& e) -> auto& { return e.model.attention.form; },
        {.help = "qkv: separate queries, keys and values; kv: keys serve as queries, so scores k_i . k_j are symmetric; kv+pos: kv whose "
                 "scores pass through a learned map of a two-dimensional position table (Borji 2023, arXiv 2305.19129).",
         .common = true,
         .unavailable = {"q+kv"}});
    list.add("model.attention.pos_dim", [](auto& e) -> auto& { return e.model.attention.pos_dim; },
             {.help = "Channels m of the position table of kv+pos: S'_ij = sum_c w_c (S_ij + P_ijc) + b.",
              .limits = {1, 1024},
              .applies = [](const Experiment& e) { return e.model.attention.form == AttentionForm::kv_pos; }});
    addKernel(list);
    addPattern(list);
    list.add("model.attention.mask_diagonal", [](auto& e) -> auto& { return e.model.attention.mask_diagonal; },
             {.help = "Forbids a position to look at itself, as Reformer does with shared queries and keys (arXiv 2001.04451).",
              .unavailable = {"true"}});
    list.add("model.attention.qk_norm", [](auto& e) -> auto& { return e.model.attention.qk_norm; },
             {.help = "Normalises queries and keys before their product, which makes scores cosines.", .unavailable = {"true"}});
}

}  // namespace lab
