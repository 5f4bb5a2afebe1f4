#pragma once

#include "core/training/trainer.h"

namespace lab {

struct PassSums;

/// The means that belong to sums over some sequences.
Evaluation meanOf(const PassSums& sums);

}  // namespace lab
