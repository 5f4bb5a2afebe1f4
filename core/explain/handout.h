#pragma once

#include <string>
#include <vector>

#include "core/explain/walk.h"

// A walk for paper: which stages, and what a reader is to compute.

namespace lab::explain {

/// Those that are chosen until others are: the walk in short.
std::vector<std::string> usualHandout(const Walk& walk);

/// Cells of the stage to be worked out by hand, the stage's own result among them; none where nothing is computed.
std::vector<CellRef> handoutTasks(const Stage& stage);
/// The stage without what follows from its own operation, so that nothing gives a task away.
Stage handoutQuestion(const Stage& stage);

}  // namespace lab::explain
