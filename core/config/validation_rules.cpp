#include <algorithm>
#include <string>

#include "core/base/enum_names.h"
#include "core/base/number_text.h"
#include "core/config/derive.h"
#include "core/config/problem_list.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

std::string choiceText(const std::vector<int>& values) {
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == values.size() ? " or " : ", ") + std::to_string(values[i]);
    }
    return text;
}

/// "1, 2 or 4": divisors of n; when there are many, those around the refused value.
std::string divisorText(int n, int refused) {
    std::vector<int> divisors;
    for (int d = 1; d <= n; ++d) {
        if (n % d == 0) divisors.push_back(d);
    }
    constexpr std::size_t many = 8;
    if (divisors.size() > many) {
        const auto above = std::ranges::upper_bound(divisors, refused);
        const auto first = above - std::min<std::ptrdiff_t>(above - divisors.begin(), 2);
        const auto last = above + std::min<std::ptrdiff_t>(divisors.end() - above, 2);
        divisors = std::vector<int>(first, last);
    }
    return choiceText(divisors);
}

void checkHeads(const ModelConfig& model, ProblemList& problems) {
    if (!problems.sound({"model.d_model", "model.num_heads"})) return;
    const std::string heads = std::to_string(model.num_heads);
    if (model.d_model % model.num_heads != 0) {
        problems.add("model.num_heads", heads + " does not divide d_model " + std::to_string(model.d_model) + "; use " +
                                            divisorText(model.d_model, model.num_heads));
        return;
    }
    if (!problems.sound({"model.num_kv_heads"})) return;
    const int groups = *model.num_kv_heads;
    if (!specOf(model.attention.form).ownQuery && groups != model.num_heads) {
        problems.add("model.num_kv_heads", std::to_string(groups) + " differs from num_heads " + heads + "; form " +
                                               std::string(nameOf(model.attention.form)) + " needs as many, so use " + heads +
                                               " or leave it out");
    } else if (model.num_heads % groups != 0) {
        problems.add("model.num_kv_heads",
                     std::to_string(groups) + " does not divide num_heads " + heads + "; use " + divisorText(model.num_heads, groups));
    }
}

/// A decoder alone is one stack, whose depth two keys could tell.
void checkStacks(const ModelConfig& model, ProblemList& problems) {
    if (model.architecture != Architecture::decoder || *model.num_decoder_layers == model.num_layers) return;
    const std::string layers = std::to_string(model.num_layers);
    problems.add("model.num_decoder_layers", std::to_string(*model.num_decoder_layers) + " differs from num_layers " + layers +
                                                 ", but a decoder has one stack; use " + layers + " or leave it out");
}

void checkKernel(const ModelConfig& model, ProblemList& problems) {
    if (model.attention.kernel.kind != KernelKind::linear) return;
    if (specOf(model.attention.form).positionMap) {
        problems.add("model.attention.kernel",
                     "linear has no scores that the position map of form kv+pos could change; use softmax, or form qkv or kv");
    }
    if (model.position.kind == PositionKind::alibi) {
        problems.add("model.attention.kernel",
                     "linear has no scores from which alibi could subtract a distance; use softmax, or another position");
    }
}

void checkOutput(const ModelConfig& model, ProblemList& problems) {
    if (!model.output.tied || !model.vocab_size || !model.num_classes || *model.vocab_size == *model.num_classes) return;
    problems.add("model.output.tied", "a tied output gives one logit per token, but num_classes " + std::to_string(*model.num_classes) +
                                          " differs from vocab_size " + std::to_string(*model.vocab_size) +
                                          "; make them equal or use false");
}

/// What the task itself says of its numbers, where each of them lies in its limits.
void checkTask(const TaskConfig& task, ProblemList& problems) {
    if (!task.kind->check || !problems.sound({"task.seq_len", "task.vocab_size"})) return;
    for (const ParameterSpec& parameter : task.kind->parameters)
        if (!problems.sound({"task." + std::string(parameter.key)})) return;
    task.kind->check(task, [&](std::string_view key, const Message& why) { problems.add("task." + std::string(key), why.english()); });
}

void checkFraming(const Experiment& e, ProblemList& problems) {
    if (e.task.kind->framing != Framing::nextToken || e.model.architecture == Architecture::decoder) return;
    problems.add("task.kind", std::string(e.task.kind.name()) + " predicts the next token, which architecture " +
                                  std::string(nameOf(e.model.architecture)) + " would see; set model.architecture to decoder");
}

/// The model must be able to read and answer what the task shows it.
void checkNeeds(const Experiment& e, ProblemList& problems) {
    const auto needs = needsOf(e.task, e.model.architecture);
    if (!needs || !problems.sound({"task.vocab_size", "task.seq_len"})) return;
    const auto require = [&](const char* path, int value, int needed, const std::string& why) {
        if (!problems.sound({path}) || value >= needed) return;
        problems.add(path, std::to_string(value) + " is too small; " + why + ", so use at least " + std::to_string(needed));
    };
    const std::string tokens = "the task's tokens are 0 to " + std::to_string(needs->vocabSize - 1);
    require("model.vocab_size", *e.model.vocab_size, needs->vocabSize, tokens);
    // SEP and BOS are read but never a target.
    const int answers = std::min(needs->numClasses, e.task.vocab_size);
    require("model.num_classes", *e.model.num_classes, answers, "the task's targets are 0 to " + std::to_string(answers - 1));
    if (e.model.position.kind == PositionKind::learned) {
        require("model.max_seq_len", *e.model.max_seq_len, needs->maxSeqLen,
                "learned positions must reach the task's sequences of " + std::to_string(needs->maxSeqLen));
    }
}

std::string halfHeadText(const ModelConfig& model) {
    return "head_dim " + std::to_string(model.head_dim()) + " (d_model " + std::to_string(model.d_model) + " / num_heads " +
           std::to_string(model.num_heads) + ")";
}

void checkFactors(const char* path, const std::vector<double>& factors, const ModelConfig& model, ProblemList& problems) {
    const auto pairs = static_cast<std::size_t>(model.head_dim() / 2);
    if (!problems.sound({path}) || factors.size() == pairs) return;
    problems.add(path, "has " + std::to_string(factors.size()) + " values; " + halfHeadText(model) + " needs " + std::to_string(pairs));
}

void checkScaling(const ModelConfig& model, ProblemList& problems) {
    const RopeScalingConfig& scaling = model.position.rope.scaling;
    if (scaling.kind == RopeScalingKind::ntk && model.head_dim() == 2) {
        problems.add("model.position.rope.scaling.kind",
                     "ntk raises its factor to head_dim / (head_dim - 2), which " + halfHeadText(model) + " does not have; use linear");
    }
    if (scaling.kind == RopeScalingKind::yarn) {
        if (model.position.rope.base <= 1) {
            problems.add("model.position.rope.base",
                         numberText(model.position.rope.base) + " is too small; yarn divides by its logarithm, so use more than 1");
        }
        if (problems.sound({"model.position.rope.scaling.beta_fast", "model.position.rope.scaling.beta_slow"}) &&
            scaling.beta_fast <= scaling.beta_slow) {
            problems.add("model.position.rope.scaling.beta_fast",
                         numberText(scaling.beta_fast) + " is too small; must be above beta_slow " + numberText(scaling.beta_slow));
        }
    }
    if (scaling.kind == RopeScalingKind::llama3 && scaling.low_freq_factor && scaling.high_freq_factor &&
        *scaling.high_freq_factor <= *scaling.low_freq_factor) {
        problems.add(
            "model.position.rope.scaling.high_freq_factor",
            numberText(*scaling.high_freq_factor) + " is too small; must be above low_freq_factor " + numberText(*scaling.low_freq_factor));
    }
    if (scaling.kind == RopeScalingKind::longrope) {
        checkFactors("model.position.rope.scaling.short_factors", scaling.short_factors, model, problems);
        checkFactors("model.position.rope.scaling.long_factors", scaling.long_factors, model, problems);
    }
}

}  // namespace

void checkTaskRules(const Experiment& e, ProblemList& problems) {
    const TaskConfig& task = e.task;
    checkTask(task, problems);
    checkFraming(e, problems);
    const bool drawn = task.kind->isBuiltIn() && e.training.shuffle;
    if (drawn && problems.sound({"task.train_size", "training.batch_size"}) && e.training.batch_size > task.train_size) {
        problems.add("training.batch_size", std::to_string(e.training.batch_size) + " is larger than task.train_size " +
                                                std::to_string(task.train_size) + "; an epoch then has no whole batch");
    }
    checkNeeds(e, problems);
}

void checkModelRules(const Experiment& e, ProblemList& problems) {
    checkStacks(e.model, problems);
    checkHeads(e.model, problems);
    checkKernel(e.model, problems);
    checkOutput(e.model, problems);
}

void checkPositionRules(const Experiment& e, ProblemList& problems) {
    if (e.model.position.kind != PositionKind::rope || !problems.sound({"model.d_model", "model.num_heads"})) return;
    if (e.model.head_dim() % 2 != 0) {
        problems.add("model.position.kind", "rope rotates pairs of channels, but " + halfHeadText(e.model) +
                                                " is odd; change d_model or num_heads, or use another position");
        return;
    }
    checkScaling(e.model, problems);
}

}  // namespace lab
