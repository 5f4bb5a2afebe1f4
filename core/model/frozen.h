#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/tensor/parameter_layout.h"

namespace lab {

struct Experiment;

/// Whether one of `names` (training.frozen, training.adapters.targets) means the parameter. A name is that of a group (ParameterGroup),
/// one or more whole parts of the parameter's own between its dots ("attention.query", "encoder.0", "output.projection.weight"), or a
/// pattern of all of it in which * stands for anything ("*.attention.*").
bool isNamed(std::string_view parameterName, const std::vector<std::string>& names);

/// Sentence for a name that is none of this model's weights.
Message noSuchWeights(const ParameterLayout& layout, std::string_view name);

/// For each parameter in the layout's order. Throws InputError for a name that is none of this model's, and for names that leave nothing
/// to be trained.
std::vector<bool> frozenParameters(const ParameterLayout& layout, const std::vector<std::string>& names);

/// What is wrong with a sound experiment's training.frozen; empty: nothing, or its model is not known before its data are read.
Message frozenProblem(const Experiment& experiment);

}  // namespace lab
