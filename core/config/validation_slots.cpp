#include "core/config/experiment.h"
#include "core/config/problem_list.h"

// What must hold where weights start as slots of the stream (model.init slots, gradient-descent), and of prompts of points.

namespace lab {
namespace {

void requireSlots(const ModelConfig& model, ProblemList& problems) {
    const auto refuse = [&](const char* path, const SourceText& why) { problems.add(path, Message(why).arg(nameOf(model.init))); };
    if (!model.readsVectors()) refuse("model.init", LAB_TEXT("config", "%1 is about vectors, but this task has tokens; use xavier"));
    if (model.output.kind != OutputKind::linear)
        refuse("model.output.kind", LAB_TEXT("config", "init %1 reads the answer off one number of the stream; use linear"));
    if (model.output.tied) refuse("model.output.tied", LAB_TEXT("config", "init %1 needs an output of its own; use false"));
    if (model.num_classes && *model.num_classes != 1) refuse("model.num_classes", LAB_TEXT("config", "init %1 gives one number; use 1"));
    if (model.input_dim && problems.sound({"model.d_model", "model.input_dim"}) && model.d_model < *model.input_dim)
        problems.add("model.d_model",
                     Message(LAB_TEXT("config", "%1 is too small; init %2 keeps the %3 numbers of a vector, so use at least %3"))
                         .arg(model.d_model)
                         .arg(nameOf(model.init))
                         .arg(*model.input_dim));
}

void requireConstruction(const Experiment& e, ProblemList& problems) {
    const ModelConfig& model = e.model;
    const auto refuse = [&](const char* path, const SourceText& why) { problems.add(path, why); };
    if (!model.attends() || !specOf(model.attention.kernel.kind).plainProduct())
        refuse("model.attention.kernel", LAB_TEXT("config", "a gradient step is a sum of plain products; use product"));
    if (!specOf(model.attention.form).ownQuery || !specOf(model.attention.form).ownValue)
        refuse("model.attention.form", LAB_TEXT("config", "a gradient step needs queries, keys and values of their own; use qkv"));
    if (model.attention.qk_norm) refuse("model.attention.qk_norm", LAB_TEXT("config", "a gradient step keeps the lengths of x; use false"));
    if (model.attention.unit_keys)
        refuse("model.attention.unit_keys", LAB_TEXT("config", "a gradient step keeps the lengths of x; use false"));
    if (model.architecture != Architecture::encoder)
        refuse("model.architecture", LAB_TEXT("config", "a gradient step is built of an encoder\u2019s layers; use encoder"));
    if (model.num_kv_heads && *model.num_kv_heads != model.num_heads)
        refuse("model.num_kv_heads", LAB_TEXT("config", "a gradient step needs keys for every head; leave it out"));
    if (model.position.kind != PositionKind::none)
        refuse("model.position.kind", LAB_TEXT("config", "a gradient step knows no order of its points; use none"));
    if (specOf(model.norm.kind).normalises)
        refuse("model.norm.kind", LAB_TEXT("config", "a norm changes the numbers that a gradient step adds to; use none"));
    if (model.hasFeedForward()) refuse("model.d_ff", LAB_TEXT("config", "a gradient step has no feed-forward layer behind it; use 0"));
    if (e.task.kind->source != TaskSource::functions || e.task.functions.layout != PromptLayout::joined)
        refuse("task.layout",
               LAB_TEXT("config", "a gradient step needs x and y of a point in one vector; use task regression, layout joined"));
    if (!model.init_step) refuse("model.init_step", LAB_TEXT("config", "give it: there is no best step that these functions tell"));
}

/// An encoder would see the answers that stand behind each x.
void checkLayout(const Experiment& e, ProblemList& problems) {
    if (e.task.kind->source != TaskSource::functions || e.task.functions.layout != PromptLayout::separate) return;
    if (e.model.architecture == Architecture::decoder || e.model.readout == Readout::last) return;
    problems.add("task.layout", Message(LAB_TEXT("config",
                                                 "separate tells each answer right behind its x, which architecture %1 would see; set "
                                                 "model.architecture to decoder, or model.readout to last"))
                                    .arg(nameOf(e.model.architecture)));
}

}  // namespace

void checkSlotRules(const Experiment& e, ProblemList& problems) {
    checkLayout(e, problems);
    if (!specOf(e.model.init).hasSlots) return;
    requireSlots(e.model, problems);
    if (e.model.init == Initialisation::gradient_descent) requireConstruction(e, problems);
}

}  // namespace lab
