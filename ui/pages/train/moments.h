#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/training/history.h"

namespace lab {

/// Which kept moments of a training tell its story in `rows` rows, ascending: the initial weights, the milestones passed, the crosshair's
/// step, the shown one last (never one after it unless the crosshair points there); rows left over go to round steps (1, 2, 5, 10, 20,
/// ...), newest first, so that what stands there changes seldom.
std::vector<CheckpointPtr> momentsToShow(const History& history, std::span<const std::optional<std::int64_t>> milestones,
                                         const CheckpointPtr& shown, std::optional<std::int64_t> crosshair, int rows);

}  // namespace lab
