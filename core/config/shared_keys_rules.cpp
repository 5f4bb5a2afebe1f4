#include "core/config/experiment.h"
#include "core/config/problem_list.h"

// What must hold where layers read the keys and values of another layer (model.attention.share_kv).

namespace lab {

void checkSharedKeys(const Experiment& e, ProblemList& problems) {
    const ModelConfig& model = e.model;
    if (!model.sharesKeys()) return;
    const AttentionConfig& attention = model.attention;
    const auto refuse = [&](const char* path, const SourceText& why, std::string_view what) { problems.add(path, Message(why).arg(what)); };
    const FormSpec& form = specOf(attention.form);
    if (!form.ownQuery)
        refuse("model.attention.form",
               LAB_TEXT("config",
                        "%1 makes queries of a layer\u2019s own keys, which most layers that share keys have not; use qkv or q+kv, or "
                        "model.attention.share_kv 1"),
               form.name);
    if (form.latent)
        refuse("model.attention.form",
               LAB_TEXT("config",
                        "%1 keeps one short vector of each token in every layer, which layers cannot share here; use qkv or q+kv, or "
                        "model.attention.share_kv 1"),
               form.name);
    if (specOf(attention.kernel.kind).decays())
        refuse("model.attention.kernel",
               LAB_TEXT("config",
                        "%1 keeps a state of each layer instead of keys and values that layers could share; use another kernel, or "
                        "model.attention.share_kv 1"),
               nameOf(attention.kernel.kind));
    if (attention.global_projections && attention.pattern.kind->globalsApart)
        problems.add(
            "model.attention.global_projections",
            LAB_TEXT("config",
                     "the first tokens\u2019 own keys and values are made by each layer; use false, or model.attention.share_kv 1"));
    if (attention.pattern.kind->detached)
        refuse("model.attention.pattern.kind",
               LAB_TEXT("config",
                        "%1 gives no gradient to the states of a memory, whose keys another layer would read; use another pattern, or "
                        "model.attention.share_kv 1"),
               attention.pattern.kind.name());
    if (specOf(model.depth.kind).tied)
        refuse("model.depth.kind",
               LAB_TEXT("config",
                        "%1 gives all steps the same weights, so none of them can go without keys of its own; use layers, or "
                        "model.attention.share_kv 1"),
               nameOf(model.depth.kind));
    if (model.init == Initialisation::gradient_descent)
        problems.add("model.attention.share_kv", LAB_TEXT("config", "a gradient step needs keys and values of every layer; use 1"));
}

}  // namespace lab
