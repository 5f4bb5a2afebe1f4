#pragma once

#include <string>

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"

namespace lab {

struct RegressionForm {
    int dimensions = 2, points = 5, layers = 1, steps = 40;
    const char* init = "slots";
    const char* kernel = "product";
    const char* layout = "joined";
};

/// Linear attention on functions told by pairs, so small that a step takes well under a millisecond.
inline Experiment regressionExperiment(const RegressionForm& form = {}) {
    Experiment experiment;
    const bool joined = std::string(form.layout) == "joined";
    const std::pair<const char*, std::string> settings[] = {
        {"task.kind", "regression"},
        {"task.layout", form.layout},
        {"task.dimensions", std::to_string(form.dimensions)},
        {"task.points", std::to_string(form.points)},
        {"task.validation_size", "20"},
        {"model.architecture", joined ? "encoder" : "decoder"},
        {"model.d_model", joined ? std::to_string(form.dimensions + 1) : std::string("8")},
        {"model.num_layers", std::to_string(form.layers)},
        {"model.num_heads", "1"},
        {"model.d_ff", "0"},
        {"model.output.kind", "linear"},
        {"model.position.kind", joined ? "none" : "sinusoidal"},
        {"model.norm.kind", "none"},
        {"model.bias", "false"},
        {"model.attention.kernel", form.kernel},
        {"model.attention.pattern.kind", joined ? "context" : "full"},
        {"model.init", joined ? form.init : "xavier"},
        {"training.steps", std::to_string(form.steps)},
        {"training.batch_size", "32"},
        {"training.validate_every", "20"},
        {"training.optimizer.learning_rate", "0.003"},
    };
    for (const auto& [path, value] : settings) setValue(experiment, path, value);
    experiment.name = "Regression";
    return experiment;
}

}  // namespace lab
