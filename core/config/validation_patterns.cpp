#include <algorithm>
#include <optional>

#include "core/config/experiment.h"
#include "core/config/problem_list.h"

// What must hold where a pattern hashes, or projects its global positions apart.

namespace lab {

void checkHashing(const Experiment& e, ProblemList& problems) {
    const ModelConfig& model = e.model;
    const Kind<PatternSpec>& pattern = model.attention.pattern.kind;
    if (!model.attends() || !pattern->hashes) return;
    if (specOf(model.attention.form).ownQuery)
        problems.add("model.attention.form", Message(LAB_TEXT("config",
                                                              "%1 has queries of its own, but pattern %2 hashes what is query and key at "
                                                              "once; use kv, kv+pos or k"))
                                                 .arg(nameOf(model.attention.form))
                                                 .arg(pattern.name()));
    const char* path = "model.attention.pattern.buckets";
    const std::optional<double> buckets = model.attention.pattern.parameters.find("buckets");
    if (!problems.sound({path}) || !buckets) return;
    const auto count = static_cast<int>(*buckets);
    if (count % 2 != 0)
        problems.add(path, Message(LAB_TEXT("config", "%1 is odd, but every direction has its opposite; use %2 or %3"))
                               .arg(count)
                               .arg(std::max(2, count - 1))
                               .arg(count + 1));
}

/// What the common projections go through besides is not there for the others.
void checkGlobals(const Experiment& e, ProblemList& problems) {
    const AttentionConfig& attention = e.model.attention;
    if (!e.model.attends() || !attention.global_projections || !attention.pattern.kind->globalsApart) return;
    const FormSpec& form = specOf(attention.form);
    if (!form.ownQuery || !form.ownValue || form.latent)
        problems.add("model.attention.form", Message(LAB_TEXT("config",
                                                              "%1 has not three projections that global ones could stand beside; "
                                                              "use qkv, or global_projections false"))
                                                 .arg(form.name));
    if (!specOf(attention.kernel.kind).scores)
        problems.add("model.attention.kernel", Message(LAB_TEXT("config",
                                                                "%1 has no scores that global projections could make; use "
                                                                "softmax, or global_projections false"))
                                                   .arg(nameOf(attention.kernel.kind)));
    if (specOf(e.model.position.kind).vectors)
        problems.add("model.position.kind", Message(LAB_TEXT("config",
                                                             "%1 compares the common queries with vectors of distances, and global ones "
                                                             "with none; use another position, or global_projections false"))
                                                .arg(nameOf(e.model.position.kind)));
    if (attention.qk_norm)
        problems.add("model.attention.qk_norm", LAB_TEXT("config", "global projections have no norm of their own; use false"));
    if (attention.unit_keys)
        problems.add("model.attention.unit_keys", LAB_TEXT("config", "keys of global projections are not divided; use false"));
}

}  // namespace lab
