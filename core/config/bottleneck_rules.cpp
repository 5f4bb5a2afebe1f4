#include "core/config/experiment.h"
#include "core/config/problem_list.h"

namespace lab {

void checkBottleneck(const Experiment& e, ProblemList& problems) {
    const ModelConfig& model = e.model;
    if (!model.hasBottleneck()) return;
    const auto refuse = [&](const SourceText& why) { problems.add("model.bottleneck.kind", why); };
    if (!model.attends()) refuse(LAB_TEXT("config", "slots read the encoder's output by attention; use none, or mixer attention"));
    if (model.readsVectors()) refuse(LAB_TEXT("config", "a code is one of a sequence of tokens, and this model reads vectors; use none"));
    if (specOf(model.dictionary.kind).apart)
        refuse(LAB_TEXT("config", "the encoder reads the dictionary here, which is not to be squeezed into slots; use none"));
    if (model.bottleneck.kind.name() == "fsq" && problems.sound({"model.bottleneck.levels"}) && model.bottleneck.shape().codes < 3)
        problems.add("model.bottleneck.levels",
                     LAB_TEXT("config", "2 levels have hardly a slope near 0, where numbers begin; use at least 3, or bottleneck bits"));
    if (!problems.sound({"model.bottleneck.tau", "model.bottleneck.tau_end"})) return;
    if (const BottleneckShape shape = model.bottleneck.shape(); shape.tauEnd > shape.tau)
        problems.add("model.bottleneck.tau_end",
                     Message(LAB_TEXT("config", "%1 is above tau %2, from which it falls")).arg(shape.tauEnd).arg(shape.tau));
}

}  // namespace lab
