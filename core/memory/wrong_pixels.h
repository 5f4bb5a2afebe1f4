#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/memory/capacity.h"
#include "core/memory/pattern.h"

namespace lab {

/// [patterns]: how many pixels of each are wrong after recall from itself with a share `noise` of its pixels flipped (withNoise by `seed`,
/// which also seeds the recall). `stopped` is asked before each; when it says so, what is known comes back. `patterns`: at least one, all
/// of one size.
std::vector<int> wrongPixels(const MakeMemory& memory, std::span<const Pattern> patterns, double noise, std::uint64_t seed,
                             const std::function<bool()>& stopped = {});

}  // namespace lab
