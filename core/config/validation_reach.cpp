#include "core/config/experiment.h"
#include "core/config/problem_list.h"

// What must hold where it counts how far keys lie back: segments with a memory, vectors of distances, spans of heads.

namespace lab {
namespace {

/// An encoder sees what comes; its side of an encoder-decoder would have the same segments.
void checkSegmentReading(const ModelConfig& model, ProblemList& problems) {
    const Kind<PatternSpec>& pattern = model.attention.pattern.kind;
    if (!pattern->wantsCausal || model.architecture == Architecture::decoder) return;
    problems.add("model.attention.pattern.kind",
                 Message(LAB_TEXT("config",
                                  "%1 reads a stream in order, but architecture %2 reads all of it at once; set model.architecture to "
                                  "decoder, or use another pattern"))
                     .arg(pattern.name())
                     .arg(nameOf(model.architecture)));
}

void checkVectorsOfDistances(const ModelConfig& model, ProblemList& problems) {
    const PositionSpec& position = specOf(model.position.kind);
    if (!position.vectors || specOf(model.attention.kernel.kind).scores) return;
    problems.add("model.attention.kernel",
                 Message(LAB_TEXT("config",
                                  "%1 has no softmax before which relative could add to scores what a distance is worth; use softmax, "
                                  "or another position"))
                     .arg(nameOf(model.attention.kernel.kind)));
}

/// At distance 0 a weight is never cut: every query must be able to see itself.
void checkSpans(const ModelConfig& model, ProblemList& problems) {
    if (!model.attention.span) return;
    if (!specOf(model.attention.kernel.kind).scores) {
        problems.add(
            "model.attention.kernel",
            Message(LAB_TEXT("config", "%1 has no softmax whose weights a span could cut; use softmax, or model.attention.span false"))
                .arg(nameOf(model.attention.kernel.kind)));
        return;
    }
    if (model.attention.mask_diagonal)
        problems.add("model.attention.mask_diagonal",
                     LAB_TEXT("config",
                              "a span may end right behind the query itself, which then must see itself; use false, or set "
                              "model.attention.span to false"));
}

}  // namespace

void checkReach(const Experiment& e, ProblemList& problems) {
    if (!e.model.attends()) return;
    checkSegmentReading(e.model, problems);
    checkVectorsOfDistances(e.model, problems);
    checkSpans(e.model, problems);
}

}  // namespace lab
