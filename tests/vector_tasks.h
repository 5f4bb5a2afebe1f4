#pragma once

#include "core/data/loaded_task.h"
#include "tests/small_experiment.h"

namespace lab {

/// Shapes in 16 patches, read out at a class token, by a model whose steps take next to nothing.
inline LoadedTask smallPictures(int steps = 20) {
    Experiment experiment =
        smallExperiment({.name = "small pictures", .train = 64, .validation = 16, .d_model = 8, .layers = 2, .steps = steps});
    experiment.task.kind = "shapes";
    experiment.model.class_token = true;
    experiment.model.position.kind = PositionKind::learned;
    return loadTask(experiment, {});
}

/// Prompts of four points (x, y) and a query whose y is asked; attention without a softmax, weights of any sign.
inline LoadedTask smallPrompts(int steps = 20) {
    Experiment experiment = smallExperiment({.name = "small prompts", .train = 64, .validation = 16, .d_model = 8, .steps = steps});
    experiment.task.kind = "regression";
    experiment.task.functions.points = 4;
    experiment.task.functions.dimensions = 1;
    experiment.model.attention.kernel.kind = KernelKind::product;
    experiment.model.position.kind = PositionKind::none;
    experiment.model.readout = Readout::last;
    return loadTask(experiment, {});
}

}  // namespace lab
