#pragma once

#include "core/memory/capacity.h"

namespace lab {

/// The continuous net (modern.h) as a memory of pictures: the query as a vector of +1 and -1 goes to its fixed point under `beta`, whose
/// signs are what is recalled (0 is off). The seed is nothing to it.
MakeMemory modernMemory(double beta);

}  // namespace lab
