#include "core/config/experiment.h"
#include "core/config/problem_list.h"

// What must hold of how the residual stream begins, how a block's parts stand to it, and what is read off its end.

namespace lab {
namespace {

void checkParallel(const ModelConfig& model, ProblemList& problems) {
    if (!specOf(model.residual).parallel) return;
    const auto refuse = [&](bool asked, const SourceText& why) {
        if (asked) problems.add("model.residual", why);
    };
    refuse(model.norm.placement != NormPlacement::pre,
           LAB_TEXT("config", "parallel parts each have a norm of their own before them; set model.norm.placement to pre, or use serial"));
    refuse(!model.hasFeedForward(), LAB_TEXT("config", "nothing stands parallel to attention where d_ff is 0; use serial"));
    refuse(specOf(model.architecture).twoSides(),
           LAB_TEXT("config", "parallel is for an encoder or a decoder alone; use serial in an encoder-decoder"));
}

void checkSegments(const ModelConfig& model, ProblemList& problems) {
    if (model.readsVectors() || model.segments == 0) return;
    if (model.architecture != Architecture::encoder)
        problems.add("model.segments", LAB_TEXT("config", "segments are for an encoder, which reads whole sentences; use 0"));
    if (model.segments > 1 && model.segment_end && model.vocab_size && *model.segment_end >= *model.vocab_size)
        problems.add("model.segment_end",
                     Message(LAB_TEXT("config", "%1 is no token; vocab_size is %2")).arg(*model.segment_end).arg(*model.vocab_size));
}

void checkEmbedding(const ModelConfig& model, ProblemList& problems) {
    if (model.embedding_norm && !specOf(model.norm.kind).normalises)
        problems.add("model.embedding_norm", LAB_TEXT("config", "norm.kind none has no norm that could stand here; use false"));
    if (model.readsVectors() || model.embedding_dim.value_or(model.d_model) == model.d_model) return;
    if (specOf(model.init).hasSlots)
        problems.add("model.embedding_dim", LAB_TEXT("config", "inits with slots write into rows of d_model numbers; leave it out"));
    if (model.output.tied && model.output.kind != OutputKind::masked_word)
        problems.add("model.output.tied",
                     Message(LAB_TEXT("config",
                                      "the token table has embedding_dim %1 columns, but what is read off has d_model %2; use "
                                      "output masked-word, whose hidden layer stands between, or false"))
                         .arg(*model.embedding_dim)
                         .arg(model.d_model));
}

void checkAnswer(const ModelConfig& model, ProblemList& problems) {
    const OutputSpec& output = specOf(model.output.kind);
    if (model.output.kind == OutputKind::masked_word && specOf(model.feed_forward.activation).gated)
        problems.add("model.output.kind",
                     Message(LAB_TEXT("config", "masked-word has one map before its activation, %1 needs two; use another"))
                         .arg(nameOf(model.feed_forward.activation)));
    if (output.projects) return;
    if (model.output.tied) problems.add("model.output.tied", LAB_TEXT("config", "output none has no projection to tie; use false"));
    if (model.num_classes && *model.num_classes != model.d_model)
        problems.add("model.num_classes",
                     Message(LAB_TEXT("config", "%1 differs from d_model %2, which is what output none gives; leave it out"))
                         .arg(*model.num_classes)
                         .arg(model.d_model));
    if (model.output.loss && *model.output.loss != LossKind::squared)
        problems.add("model.output.kind", LAB_TEXT("config", "none gives numbers, not classes; use linear, mlp or masked-word"));
}

}  // namespace

void checkStream(const Experiment& e, ProblemList& problems) {
    checkParallel(e.model, problems);
    checkSegments(e.model, problems);
    checkEmbedding(e.model, problems);
    checkAnswer(e.model, problems);
}

}  // namespace lab
