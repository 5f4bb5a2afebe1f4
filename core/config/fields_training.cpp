#include "core/config/field_list.h"

namespace lab {
namespace {

void addOptimizer(FieldList& list) {
    list.add("training.optimizer.kind", [](auto& e) -> auto& { return e.training.optimizer.kind; },
             {.help = kindHelp<UpdateRule>(LAB_TEXT("help", "How a step is made of the gradient.")), .label = "optimizer"});
    list.add("training.optimizer.learning_rate", [](auto& e) -> auto& { return e.training.optimizer.learning_rate; },
             {.help = LAB_TEXT("help", "Length of a step; the schedule multiplies it."), .limits = {0, 1e6}, .common = true});
    list.addParameters(
        "training.optimizer", [](auto& e) -> auto& { return e.training.optimizer.kind; },
        [](auto& e) -> auto& { return e.training.optimizer.numbers; });
}

void addSchedule(FieldList& list) {
    list.add(
        "training.schedule.kind", [](auto& e) -> auto& { return e.training.schedule.kind; },
        {.help = kindHelp<ScheduleSpec>(LAB_TEXT("help", "Factor of the learning rate at step t.")), .common = true, .label = "schedule"});
    list.addParameters(
        "training.schedule", [](auto& e) -> auto& { return e.training.schedule.kind; },
        [](auto& e) -> auto& { return e.training.schedule.numbers; });
}

/// None of it where answers are numbers.
bool answersClasses(const Experiment& e) {
    return !specOf(e.task.kind->loss).numbers;
}

void addAnswerCost(FieldList& list) {
    list.add("training.label_smoothing", [](auto& e) -> auto& { return e.training.answer_cost.label_smoothing; },
             {.help = LAB_TEXT("help",
                               "Share epsilon of the target that goes to all K classes alike: training aims at 1 - epsilon + epsilon / K "
                               "at the target and epsilon / K elsewhere (Szegedy 2015), as PyTorch's CrossEntropyLoss. Losses that are "
                               "shown stay the cross-entropy with the target alone, so that runs compare; 0: no smoothing."),
              .limits = {0, 1, false, true},
              .applies = answersClasses});
    list.add("training.z_loss", [](auto& e) -> auto& { return e.training.answer_cost.z_loss; },
             {.help = LAB_TEXT("help",
                               "Training also pays z_loss (ln sum exp of the logits)^2 at each position that counts, which keeps logits "
                               "from drifting (PaLM, Chowdhery 2022, who uses 0.0001). Losses that are shown are without it; 0: nothing."),
              .limits = {0, 1e6},
              .applies = answersClasses});
}

bool hasAdapters(const Experiment& e) {
    return e.training.adapters.any();
}

void addAdapters(FieldList& list) {
    list.add("training.adapters.rank", [](auto& e) -> auto& { return e.training.adapters.rank; },
             {.help = LAB_TEXT("help",
                               "Low-rank adapters (Hu et al. 2021): of each matrix named, W + (alpha / rank) B A is what computes, W stays "
                               "as it was drawn or loaded, and only A [rank, inputs] and B [outputs, rank] are trained, everything else "
                               "stays. A begins as in a linear map, uniform within 1 / \u221ainputs, B with zeros: the first step begins "
                               "with the model as it was. 0: no adapters, all weights are trained."),
              .limits = {0, 4096},
              .label = "adapters"});
    list.add("training.adapters.alpha", [](auto& e) -> auto& { return e.training.adapters.alpha; },
             {.help = LAB_TEXT("help", "What B A is multiplied by, alpha / rank: with it another rank needs no other learning rate."),
              .limits = {0, 1e6, true, false},
              .applies = hasAdapters});
    list.add("training.adapters.targets", [](auto& e) -> auto& { return e.training.adapters.targets; },
             {.help = LAB_TEXT("help",
                               "Matrices that get an adapter, named as in training.frozen: attention.query is W_Q, attention.key W_K, "
                               "attention.value W_V, attention.output W_O, feed_forward all of the feed-forward; norms, biases and "
                               "tables get none."),
              .applies = hasAdapters});
}

}  // namespace

void addTrainingFields(FieldList& list) {
    list.add("training.seed", [](auto& e) -> auto& { return e.training.seed; },
             {.help = LAB_TEXT("help", "Draws the initial weights, the order of the samples and dropout."),
              .limits = {0, largestSeed},
              .common = true,
              .label = "seed"});
    list.add(
        "training.steps", [](auto& e) -> auto& { return e.training.steps; },
        {.help = LAB_TEXT("help", "Number of optimizer steps; step t trains on batch t - 1."), .limits = {1, mostCounted}, .common = true});
    list.add("training.batch_size", [](auto& e) -> auto& { return e.training.batch_size; },
             {.help = LAB_TEXT("help", "Sequences a step; its loss is the mean over all their positions that count."),
              .limits = {1, mostAtOnce},
              .common = true});
    list.add(
        "training.shuffle", [](auto& e) -> auto& { return e.training.shuffle; },
        {.help = LAB_TEXT(
             "help",
             "A new order each epoch, whose incomplete last batch is dropped; without it, batch after batch in order, wrapping around.")});
    addOptimizer(list);
    addSchedule(list);
    addAnswerCost(list);
    list.add("training.clip_norm", [](auto& e) -> auto& { return e.training.clip_norm; },
             {.help = LAB_TEXT("help",
                               "The gradient is scaled down so that its L2 norm is at most this; 0 switches it off. Frozen weights do not "
                               "count."),
              .limits = {0, 1e9}});
    list.add("training.frozen", [](auto& e) -> auto& { return e.training.frozen; },
             {.help = LAB_TEXT(
                  "help",
                  "Weights that are not trained: embedding, attention, mixing, feed_forward, halting, bottleneck, norm, output (a tied "
                  "output is the embedding\u2019s table), a part of a name between its dots (attention.query, encoder.0, "
                  "output.projection.weight), or a pattern of the whole name (*.attention.*). They stay bit for bit as they "
                  "were drawn or loaded, under weight decay too, and the gradient\u2019s norm is that of the others, as with "
                  "requires_grad = False in PyTorch. Empty: all are trained."),
              .applies = [](const Experiment& e) { return !hasAdapters(e); }});
    addAdapters(list);
    list.add("training.keep_zeros", [](auto& e) -> auto& { return e.training.keep_zeros; },
             {.help = LAB_TEXT(
                  "help",
                  "Weights of attention, feed-forward, mixing and bottleneck matrices that are 0 where the training begins stay 0, so "
                  "that what was pruned stays pruned.")});
    list.add("training.validate_every", [](auto& e) -> auto& { return e.training.validate_every; },
             {.help = LAB_TEXT("help", "Steps between validations; the last step always validates."), .limits = {1, mostCounted}});
    list.add("training.early_stop", [](auto& e) -> auto& { return e.training.early_stop; },
             {.help = LAB_TEXT(
                  "help",
                  "The training ends by itself when so many validations in a row bring no new lowest validation loss; 0: "
                  "after its last step alone. The weights of the lowest loss are kept (the flag 'best' on the timeline, train --best)."),
              .limits = {0, mostCounted}});
    list.add("training.pace", [](auto& e) -> auto& { return e.training.pace; },
             {.help = LAB_TEXT("help", "Steps a second at which the window starts it; 0 is full speed. Commands always run at full speed."),
              .limits = {0, 1e6}});
}

}  // namespace lab
