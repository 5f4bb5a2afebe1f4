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
}

}  // namespace

void addAttentionFields(FieldList& list) {
    list.add("model.attention.form", [](auto& e) -> auto& { return e.model.attention.form; },
             {.help = kindHelp<AttentionForm>(LAB_TEXT("help", "What is projected and how it is compared.")),
              .applies = attends,
              .common = true});
    list.add("model.attention.pos_dim", [](auto& e) -> auto& { return e.model.attention.pos_dim; },
             {.help = LAB_TEXT("help", "Channels m of the position table of kv+pos: S'_ij = sum_c w_c (S_ij + P_ijc) + b."),
              .limits = {1, 1024},
              .applies = [](const Experiment& e) { return attends(e) && specOf(e.model.attention.form).positionMap; }});
    list.add("model.attention.kernel", [](auto& e) -> auto& { return e.model.attention.kernel.kind; },
             {.help = kindHelp<KernelKind>(LAB_TEXT("help", "How queries and keys make weights.")), .applies = attends});
    addPattern(list);
    list.add("model.attention.mask_diagonal", [](auto& e) -> auto& { return e.model.attention.mask_diagonal; },
             {.help = LAB_TEXT(
                  "help",
                  "Forbids a position to look at itself, unless it has nothing else to look at, as Reformer does with shared queries "
                  "and keys (Kitaev 2020, arXiv 2001.04451)."),
              .applies = attends});
    list.add("model.attention.qk_norm", [](auto& e) -> auto& { return e.model.attention.qk_norm; },
             {.help = LAB_TEXT(
                  "help",
                  "Root-mean-square norm of each head's query and key, before any rotation, with one learned gain of head_dim numbers "
                  "for all queries of a layer and one for its keys, as in Qwen3; epsilon is norm.epsilon. Scores no longer grow with "
                  "the vectors' lengths (Henry 2020, arXiv 2010.04245)."),
              .applies = attends});
}

}  // namespace lab
