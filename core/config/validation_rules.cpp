#include <algorithm>
#include <cstdint>
#include <string>

#include "core/base/enum_names.h"
#include "core/base/message.h"
#include "core/config/derive.h"
#include "core/config/experiment.h"
#include "core/config/problem_list.h"
#include "core/config/visitor.h"
#include "core/tasks/masked_config.h"
#include "core/text/cleaning.h"
#include "core/text/stories/story.h"

namespace lab {
namespace {

Message choiceText(const std::vector<int>& values) {
    std::vector<std::string> words;
    for (const int value : values) words.push_back(std::to_string(value));
    return alternatives(words);
}

/// "1, 2 or 4": divisors of n; when there are many, those around the refused value.
Message divisorText(int n, int refused) {
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
    if (!model.head_dim) {
        problems.add("model.num_heads", Message(LAB_TEXT("config", "%1 does not divide d_model %2; use %3, or give head_dim"))
                                            .arg(model.num_heads)
                                            .arg(model.d_model)
                                            .arg(divisorText(model.d_model, model.num_heads)));
        return;
    }
    if (!problems.sound({"model.num_kv_heads"})) return;
    const int groups = *model.num_kv_heads;
    if (specOf(model.attention.form).headForHead() && groups != model.num_heads) {
        problems.add("model.num_kv_heads",
                     Message(LAB_TEXT("config", "%1 differs from num_heads %2; form %3 needs as many, so use %2 or leave it out"))
                         .arg(groups)
                         .arg(model.num_heads)
                         .arg(nameOf(model.attention.form)));
    } else if (model.num_heads % groups != 0) {
        problems.add("model.num_kv_heads", Message(LAB_TEXT("config", "%1 does not divide num_heads %2; use %3"))
                                               .arg(groups)
                                               .arg(model.num_heads)
                                               .arg(divisorText(model.num_heads, groups)));
    }
}

/// A decoder alone is one stack, whose depth two keys could tell.
void checkStacks(const ModelConfig& model, ProblemList& problems) {
    if (model.architecture != Architecture::decoder || *model.num_decoder_layers == model.num_layers) return;
    problems.add("model.num_decoder_layers",
                 Message(LAB_TEXT("config", "%1 differs from num_layers %2, but a decoder has one stack; use %2 or leave it out"))
                     .arg(*model.num_decoder_layers)
                     .arg(model.num_layers));
}

void checkKernel(const ModelConfig& model, ProblemList& problems) {
    const KernelSpec& kernel = specOf(model.attention.kernel.kind);
    if (kernel.scores) return;
    if (specOf(model.attention.form).positionMap) {
        problems.add("model.attention.kernel",
                     Message(LAB_TEXT("config",
                                      "%1 has no softmax before which the position map of form kv+pos could change scores; use softmax, "
                                      "or form qkv or kv"))
                         .arg(kernel.name));
    }
    if (specOf(model.position.kind).biasesScores) {
        problems.add("model.attention.kernel",
                     Message(LAB_TEXT("config",
                                      "%1 has no softmax before which alibi could subtract a distance from scores; use softmax, or "
                                      "another position"))
                         .arg(kernel.name));
    }
}

/// A decoder's sequences grow: there is no end yet that a pattern could go by.
void checkPattern(const ModelConfig& model, ProblemList& problems) {
    const Kind<PatternSpec>& pattern = model.attention.pattern.kind;
    if (!pattern->wantsWholeSequence || !specOf(model.architecture).decoder) return;
    problems.add("model.attention.pattern.kind",
                 Message(LAB_TEXT("config",
                                  "%1 goes by the end of a sequence, which a decoder has not reached; set model.architecture to "
                                  "encoder, or use another pattern"))
                     .arg(pattern.name()));
}

/// The net that mixes positions reads them all, and has neither queries nor keys.
void checkMixer(const ModelConfig& model, ProblemList& problems) {
    if (model.architecture != Architecture::encoder)
        problems.add("model.mixer.kind",
                     Message(LAB_TEXT("config",
                                      "feed-forward lets every position read what comes after it, which a decoder must not see; set "
                                      "model.architecture to encoder, or use attention")));
    constexpr int mostInputs = 1 << 24;
    if (model.max_seq_len && std::int64_t{*model.max_seq_len} * model.d_model > mostInputs)
        problems.add("model.max_seq_len",
                     Message(LAB_TEXT("config",
                                      "%1 positions of d_model %2 are more than the %3 numbers that a feed-forward mixer reads at "
                                      "most; use a shorter max_seq_len or a smaller d_model"))
                         .arg(*model.max_seq_len)
                         .arg(model.d_model)
                         .arg(mostInputs));
    const PositionSpec& position = specOf(model.position.kind);
    if (position.rotates || position.biasesScores || position.biasTable || position.vectors)
        problems.add("model.position.kind",
                     Message(LAB_TEXT("config",
                                      "%1 works on queries, keys or scores, which mixer feed-forward has not; use none, sinusoidal "
                                      "or learned"))
                         .arg(position.name));
}

/// A class token stands before vectors; of a model of tokens these keys are not used.
void checkVectors(const ModelConfig& model, ProblemList& problems) {
    if (!model.readsVectors()) return;
    if (specOf(model.architecture).twoSides())
        problems.add(
            "model.architecture",
            Message(LAB_TEXT("config", "%1 has a second side that reads tokens, but this model reads vectors; use encoder or decoder"))
                .arg(nameOf(model.architecture)));
    if (model.class_token && model.architecture == Architecture::decoder)
        problems.add("model.class_token",
                     LAB_TEXT("config",
                              "a class token stands before all others and would see none of them in a decoder; set model.architecture to "
                              "encoder, or use false"));
    if (model.readout == Readout::class_token && !model.class_token)
        problems.add(
            "model.readout",
            LAB_TEXT("config",
                     "class reads out a class token, which the model has not; set model.class_token to true, or use every or last"));
    if (model.output.tied)
        problems.add("model.output.tied",
                     LAB_TEXT("config", "a tied output is the token table, which a model of vectors has not; use false"));
}

void checkOutput(const ModelConfig& model, ProblemList& problems) {
    if (model.readsVectors() || !model.output.tied || !model.vocab_size || !model.num_classes || *model.vocab_size == *model.num_classes)
        return;
    problems.add("model.output.tied", Message(LAB_TEXT("config",
                                                       "a tied output gives one logit per token, but num_classes %1 differs from "
                                                       "vocab_size %2; make them equal or use false"))
                                          .arg(*model.num_classes)
                                          .arg(*model.vocab_size));
}

/// What the task itself says of its numbers, where each of them lies in its limits.
void checkTask(const TaskConfig& task, ProblemList& problems) {
    if (!task.kind->check || !problems.sound({"task.seq_len", "task.vocab_size", "task.patch"})) return;
    for (const ParameterSpec& parameter : task.kind->parameters)
        if (!problems.sound({"task." + std::string(parameter.key)})) return;
    task.kind->check(task, [&](std::string_view key, const Message& why) { problems.add("task." + std::string(key), why); });
}

void checkText(const TaskConfig& task, ProblemList& problems) {
    if (task.kind->source != TaskSource::text || !task.text.cleaning) return;
    std::vector<std::string> names;
    for (const CleaningRule& rule : CleaningRule::table()) names.emplace_back(rule.name);
    for (const std::string& name : *task.text.cleaning)
        if (std::ranges::find(names, name) == names.end())
            problems.add("task.cleaning", Message(LAB_TEXT("config", "%1 is no rule; use %2")).arg(name).arg(alternatives(names)));
}

void checkStories(const TaskConfig& task, ProblemList& problems) {
    const int least = leastStoryTokens({});
    if (task.kind->source != TaskSource::told || !problems.sound({"task.seq_len"}) || task.seq_len >= least) return;
    problems.add("task.seq_len", Message(LAB_TEXT("config", "%1 is too small for a story; use at least %2")).arg(task.seq_len).arg(least));
}

/// What is asked must not be seen, and what it is to be guessed from must.
void checkFraming(const Experiment& e, ProblemList& problems) {
    const auto refuse = [&](const SourceText& why) {
        problems.add("task.kind", Message(why).arg(e.task.kind.name()).arg(nameOf(e.model.architecture)));
    };
    if (isMasked(e.task) && e.model.architecture != Architecture::encoder)
        refuse(LAB_TEXT("config",
                        "%1 is guessed from both sides, but architecture %2 does not see what follows; set model.architecture to "
                        "encoder, or use task text"));
    if (e.task.kind->framing != Framing::nextToken || e.model.architecture == Architecture::decoder) return;
    refuse(e.task.kind->source == TaskSource::text
               ? LAB_TEXT("config",
                          "%1 predicts the next token, which architecture %2 would see; set model.architecture to decoder, or use "
                          "task masked")
               : LAB_TEXT("config", "%1 predicts the next token, which architecture %2 would see; set model.architecture to decoder"));
}

/// What stands at the positions, and what is answered, is the task's to say.
void checkKinds(const Experiment& e, ProblemList& problems) {
    const TaskSpec& task = *e.task.kind;
    if (e.model.input != task.input)
        problems.add("model.input", Message(LAB_TEXT("config", "%1 is not what task %2 is made of; use %3 or leave it out"))
                                        .arg(nameOf(*e.model.input))
                                        .arg(task.name)
                                        .arg(nameOf(task.input)));
    if (e.model.output.loss == task.loss || task.anyLoss) return;
    if (!specOf(e.model.output.kind).projects && !specOf(task.loss).numbers)
        return problems.add(
            "model.output.kind",
            Message(LAB_TEXT("config",
                             "this model has no head that names tokens (%1: its answer is the last layer's output), but task "
                             "%2 asks for tokens; open it with its masked-word or language head"))
                .arg(nameOf(e.model.output.kind))
                .arg(task.name));
    const SourceText why = specOf(task.loss).numbers
                               ? LAB_TEXT("config", "%1 compares with a class, but task %2 asks for numbers; use %3 or leave it out")
                               : LAB_TEXT("config", "%1 compares with numbers, but task %2 asks for classes; use %3 or leave it out");
    problems.add("model.output.loss", Message(why).arg(nameOf(*e.model.output.loss)).arg(task.name).arg(nameOf(task.loss)));
}

/// Vectors and numbers are as long as the task's, neither longer nor shorter.
void checkWidths(const Experiment& e, const TaskNeeds& needs, ProblemList& problems) {
    const auto same = [&](const char* path, const std::optional<int>& value, int needed, const SourceText& problem) {
        if (problems.sound({path}) && value && *value != needed) problems.add(path, Message(problem).arg(*value).arg(needed));
    };
    if (e.model.readsVectors() && e.task.kind->input == InputKind::vectors)
        same("model.input_dim", e.model.input_dim, needs.inputDim,
             LAB_TEXT("config", "%1 is not the length of the task's vectors; use %2 or leave it out"));
    if (e.model.answersNumbers() && specOf(e.task.kind->loss).numbers)
        same("model.num_classes", e.model.num_classes, needs.numClasses,
             LAB_TEXT("config", "%1 is not how many numbers the task asks for; use %2 or leave it out"));
}

/// The model must be able to read and answer what the task shows it.
void checkNeeds(const Experiment& e, ProblemList& problems) {
    checkKinds(e, problems);
    auto needs = needsOf(e.task, e.model.architecture);
    if (!needs || !problems.sound({"task.vocab_size", "task.seq_len", "task.patch", "task.stride", "model.input", "model.output.loss"}))
        return;
    checkWidths(e, *needs, problems);
    if (e.model.class_token && e.model.readsVectors()) {
        ++needs->vocabSize;
        ++needs->maxSeqLen;
    }
    const auto require = [&](const char* path, int value, int needed, const SourceText& problem, int reached) {
        if (problems.sound({path}) && value < needed) problems.add(path, Message(problem).arg(value).arg(reached).arg(needed));
    };
    require("model.vocab_size", *e.model.vocab_size, needs->vocabSize,
            LAB_TEXT("config", "%1 is too small; the task's tokens are 0 to %2, so use at least %3"), needs->vocabSize - 1);
    // SEP and BOS are read but never a target.
    const int answers = e.task.kind->isBuiltIn() ? std::min(needs->numClasses, e.task.vocab_size) : needs->numClasses;
    require("model.num_classes", *e.model.num_classes, answers,
            LAB_TEXT("config", "%1 is too small; the task's targets are 0 to %2, so use at least %3"), answers - 1);
    if (!e.model.attends() && e.model.architecture == Architecture::encoder) {
        require("model.max_seq_len", *e.model.max_seq_len, needs->maxSeqLen,
                LAB_TEXT("config", "%1 is too small; the feed-forward mixer must reach the task's sequences of %2, so use at least %3"),
                needs->maxSeqLen);
    } else if (specOf(e.model.position.kind).learnedTable) {
        require("model.max_seq_len", *e.model.max_seq_len, needs->maxSeqLen,
                LAB_TEXT("config", "%1 is too small; learned positions must reach the task's sequences of %2, so use at least %3"),
                needs->maxSeqLen);
    }
}

void checkRotatedChannels(const ModelConfig& model, ProblemList& problems) {
    const RopeConfig& rope = model.position.rope;
    if (!rope.dims || !problems.sound({"model.position.rope.dims"})) return;
    const auto refuse = [&](Message why) { problems.add("model.position.rope.dims", std::move(why)); };
    if (*rope.dims % 2 != 0)
        refuse(Message(LAB_TEXT("config", "%1 is odd, but rope rotates pairs of channels; use an even number")).arg(*rope.dims));
    if (*rope.dims > model.headDim())
        refuse(
            Message(LAB_TEXT("config", "%1 is more than %2; use at most that, or leave it out")).arg(*rope.dims).arg(headDimText(model)));
    if (!(rope.scaling.kind == Kind<RopeScalingSpec>()))
        refuse(
            Message(LAB_TEXT("config", "scaling %1 is meant for heads that turn in all channels; set scaling to none, or leave dims out"))
                .arg(rope.scaling.kind.name()));
}

}  // namespace

std::string headDimText(const ModelConfig& model) {
    return "head_dim " + std::to_string(model.headDim()) + " (d_model " + std::to_string(model.d_model) + " / num_heads " +
           std::to_string(model.num_heads) + ")";
}

void checkAdapters(const TrainingConfig& training, ProblemList& problems) {
    if (training.adapters.any() && training.keep_zeros)
        problems.add("training.keep_zeros", LAB_TEXT("config", "what adapters add to a matrix is 0 nowhere; use false, or no adapters"));
}

void checkTaskRules(const Experiment& e, ProblemList& problems) {
    const TaskConfig& task = e.task;
    checkTask(task, problems);
    checkText(task, problems);
    checkFraming(e, problems);
    checkStories(task, problems);
    const bool drawn = !task.kind->readsFiles() && e.training.shuffle;
    if (drawn && problems.sound({"task.train_size", "training.batch_size"}) && e.training.batch_size > task.train_size) {
        problems.add("training.batch_size",
                     Message(LAB_TEXT("config", "%1 is larger than task.train_size %2; an epoch then has no whole batch"))
                         .arg(e.training.batch_size)
                         .arg(task.train_size));
    }
    checkNeeds(e, problems);
    checkAdapters(e.training, problems);
}

void checkModelRules(const Experiment& e, ProblemList& problems) {
    checkStacks(e.model, problems);
    if (e.model.attends()) {
        checkHeads(e.model, problems);
        checkKernel(e.model, problems);
        checkPattern(e.model, problems);
    } else {
        checkMixer(e.model, problems);
    }
    checkVectors(e.model, problems);
    checkOutput(e.model, problems);
}

void checkPositionRules(const Experiment& e, ProblemList& problems) {
    if (!e.model.attends() || !specOf(e.model.position.kind).rotates || !problems.sound({"model.d_model", "model.num_heads"})) return;
    if (e.model.headDim() % 2 != 0) {
        problems.add("model.position.kind",
                     Message(LAB_TEXT("config",
                                      "rope rotates pairs of channels, but %1 is odd; change d_model or num_heads, or "
                                      "use another position"))
                         .arg(headDimText(e.model)));
        return;
    }
    const RopeScalingSpec& scaling = *e.model.position.rope.scaling.kind;
    checkRotatedChannels(e.model, problems);
    if (scaling.check) scaling.check(e.model, problems);
}

}  // namespace lab
