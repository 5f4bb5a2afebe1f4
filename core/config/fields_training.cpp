#include "core/config/field_list.h"

namespace lab {
namespace {

bool usesAdam(const Experiment& e) {
    return e.training.optimizer.kind != OptimizerKind::sgd;
}

void addOptimizer(FieldList& list) {
    list.add(
        "training.optimizer.kind", [](auto& e) -> auto& { return e.training.optimizer.kind; },
        {.help = LAB_TEXT(
             "help",
             "adam (Kingma and Ba 2015); adamw: adam with decoupled weight decay (Loshchilov and Hutter 2019); sgd: v = momentum v + g, "
             "w = w - lr v."),
         .label = "optimizer"});
    list.add("training.optimizer.learning_rate", [](auto& e) -> auto& { return e.training.optimizer.learning_rate; },
             {.help = LAB_TEXT("help", "Length of a step; the schedule multiplies it."), .limits = {0, 1e6}, .common = true});
    list.add("training.optimizer.beta1", [](auto& e) -> auto& { return e.training.optimizer.beta1; },
             {.help = LAB_TEXT("help", "Adam's memory of the gradient: m = beta1 m + (1 - beta1) g."),
              .limits = {0, 1, false, true},
              .applies = usesAdam});
    list.add("training.optimizer.beta2", [](auto& e) -> auto& { return e.training.optimizer.beta2; },
             {.help = LAB_TEXT("help", "Adam's memory of the squared gradient: v = beta2 v + (1 - beta2) g^2."),
              .limits = {0, 1, false, true},
              .applies = usesAdam});
    list.add("training.optimizer.epsilon", [](auto& e) -> auto& { return e.training.optimizer.epsilon; },
             {.help = LAB_TEXT("help", "Added to Adam's denominator: w = w - lr m / (sqrt(v) + epsilon), both moments bias-corrected."),
              .limits = {0, 1, true, false},
              .applies = usesAdam,
              .label = "adam epsilon"});
    list.add("training.optimizer.weight_decay", [](auto& e) -> auto& { return e.training.optimizer.weight_decay; },
             {.help = LAB_TEXT("help", "adamw: each step takes lr * weight_decay * w off matrices; vectors do not decay."),
              .limits = {0, 1e6},
              .applies = [](const Experiment& e) { return e.training.optimizer.kind == OptimizerKind::adamw; }});
    list.add("training.optimizer.momentum", [](auto& e) -> auto& { return e.training.optimizer.momentum; },
             {.help = LAB_TEXT("help", "sgd's memory of earlier gradients."),
              .limits = {0, 1, false, true},
              .applies = [](const Experiment& e) { return e.training.optimizer.kind == OptimizerKind::sgd; }});
}

void addSchedule(FieldList& list) {
    list.add("training.schedule.kind", [](auto& e) -> auto& { return e.training.schedule.kind; },
             {.help = LAB_TEXT(
                  "help",
                  "Factor of the learning rate at step t. constant: 1; linear-warmup: min(1, t / warmup_steps); cosine-warmup: that times "
                  "(1 + cos(pi t / steps)) / 2; noam: d_model^-0.5 min(t^-0.5, t warmup_steps^-1.5) (Vaswani 2017)."),
              .common = true,
              .label = "schedule"});
    list.add("training.schedule.warmup_steps", [](auto& e) -> auto& { return e.training.schedule.warmup_steps; },
             {.help = LAB_TEXT("help", "Steps over which the learning rate grows from 0; 0 means no warm-up."),
              .limits = {0, 1000000000},
              .applies = [](const Experiment& e) { return e.training.schedule.kind != ScheduleKind::constant; }});
}

}  // namespace

void addTrainingFields(FieldList& list) {
    list.add("training.seed", [](auto& e) -> auto& { return e.training.seed; },
             {.help = LAB_TEXT("help", "Draws the initial weights, the order of the samples and dropout."),
              .limits = {0, 9007199254740991.0},
              .common = true,
              .label = "seed"});
    list.add(
        "training.steps", [](auto& e) -> auto& { return e.training.steps; },
        {.help = LAB_TEXT("help", "Number of optimizer steps; step t trains on batch t - 1."), .limits = {1, 1000000000}, .common = true});
    list.add("training.batch_size", [](auto& e) -> auto& { return e.training.batch_size; },
             {.help = LAB_TEXT("help", "Sequences a step; their gradients are averaged."), .limits = {1, 1 << 20}, .common = true});
    list.add(
        "training.shuffle", [](auto& e) -> auto& { return e.training.shuffle; },
        {.help = LAB_TEXT(
             "help",
             "A new order each epoch, whose incomplete last batch is dropped; without it, batch after batch in order, wrapping around.")});
    addOptimizer(list);
    addSchedule(list);
    list.add("training.clip_norm", [](auto& e) -> auto& { return e.training.clip_norm; },
             {.help = LAB_TEXT("help", "The gradient is scaled down so that its L2 norm is at most this; 0 switches it off."),
              .limits = {0, 1e9}});
    list.add("training.validate_every", [](auto& e) -> auto& { return e.training.validate_every; },
             {.help = LAB_TEXT("help", "Steps between validations; the last step always validates."), .limits = {1, 1000000000}});
    list.add("training.pace", [](auto& e) -> auto& { return e.training.pace; },
             {.help = LAB_TEXT("help", "Steps a second at which the window starts it; 0 is full speed. Commands always run at full speed."),
              .limits = {0, 1e6}});
}

}  // namespace lab
