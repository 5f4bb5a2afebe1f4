#pragma once

#include "core/base/parameters.h"

// Numbers that several rules have.

namespace lab::optimizer {

constexpr ParameterSpec beta1{.key = "beta1",
                              .help = LAB_TEXT("optimizers",
                                               "How much of the old mean of the gradients stays: m = beta1 m + (1 - beta1) g; lion: its "
                                               "share in the mixture whose sign is taken."),
                              .limits = {0, 1, false, true},
                              .standard = 0.9,
                              .integer = false};
constexpr ParameterSpec beta2{
    .key = "beta2",
    .help = LAB_TEXT("optimizers",
                     "How much of the old mean of the squared gradients stays: v = beta2 v + (1 - beta2) g^2; lion: of the mean m itself."),
    .limits = {0, 1, false, true},
    .standard = 0.999,
    .integer = false};
constexpr ParameterSpec epsilon{.key = "epsilon",
                                .help = LAB_TEXT("optimizers", "Added to the root that a step is divided by: sqrt(v) + epsilon."),
                                .limits = {0, 1, true, false},
                                .standard = 1e-8,
                                .integer = false,
                                .label = "step epsilon"};
constexpr ParameterSpec weightDecay{
    .key = "weight_decay",
    .help = LAB_TEXT("optimizers", "Each step takes learning rate * weight_decay * w off matrices; vectors do not decay."),
    .limits = {0, 1e6},
    .standard = 0.0,
    .integer = false};
constexpr ParameterSpec momentum{.key = "momentum",
                                 .help = LAB_TEXT("optimizers", "How much of the gathered earlier gradients stays."),
                                 .limits = {0, 1, false, true},
                                 .standard = 0.9,
                                 .integer = false};

}  // namespace lab::optimizer
