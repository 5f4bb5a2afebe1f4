#include "core/config/experiment.h"
#include "core/config/problem_list.h"

namespace lab {
namespace {

/// A weight that fades with the distance fades backwards alone, and with every place between the two.
void checkDecay(const ModelConfig& model, ProblemList& problems) {
    const KernelSpec& kernel = specOf(model.attention.kernel.kind);
    if (!kernel.decays()) return;
    if (model.architecture != Architecture::decoder)
        problems.add("model.attention.kernel",
                     Message(LAB_TEXT("config",
                                      "%1 lets what came before a token fade, but an encoder reads both ways; set model.architecture to "
                                      "decoder, or use another kernel"))
                         .arg(kernel.name));
    if (!(model.attention.pattern.kind == Kind<PatternSpec>()))
        problems.add("model.attention.pattern.kind",
                     Message(LAB_TEXT("config", "%1 hides keys that %2 keeps in one sum with all others; use full, or another kernel"))
                         .arg(model.attention.pattern.kind.name())
                         .arg(kernel.name));
    if (model.attention.mask_diagonal)
        problems.add("model.attention.mask_diagonal",
                     Message(LAB_TEXT("config", "%1 adds a token to its sum before it reads from it; use false, or another kernel"))
                         .arg(kernel.name));
}

}  // namespace

void checkKernelRules(const Experiment& e, ProblemList& problems) {
    if (e.model.attends()) checkDecay(e.model, problems);
}

}  // namespace lab
