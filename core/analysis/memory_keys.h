#pragma once

#include <vector>

#include "core/patterns/visibility.h"

namespace lab {

/// Positions that see the one before them as memory alone: there a segment begins. Without memory a segment sees none before, and there
/// are none.
std::vector<int> segmentStarts(const Visibility& visibility, int length);

/// Whether key j is memory for query i: seen, but no gradient flows back to its row.
bool isMemory(const Visibility& visibility, int i, int j, int length);

}  // namespace lab
