#pragma once

#include "core/config/experiment.h"
#include "server/routes/route.h"

namespace lab::server {

/// The keys of a body that names an experiment: itself, or a preset, and what is changed of it.
std::vector<Parameter> experimentKeys();

/// What they say. Throws Refusal 422 that points into the body.
Experiment experimentOf(const Call& call);

/// "set": {"training.steps": 100, "model.attention.pattern": {...}} put into an experiment.
void applySet(Experiment& experiment, const Values& body);

}  // namespace lab::server
