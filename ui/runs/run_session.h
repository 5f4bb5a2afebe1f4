#pragma once

#include "core/io/session.h"
#include "ui/runs/run.h"

namespace lab {

/// What a session keeps of the run's past up to `step`; shares the weights, so it is cheap and may be written by another thread.
Session sessionOf(const Run& run, std::int64_t step);

/// Gives a run that was just resumed its past back. Throws InputError when it is not the past of that step.
void rememberSession(Run& run, const Session& session);

}  // namespace lab
