#pragma once

#include <array>

namespace lab {

/// What presets say holds for seeds that are not in their files.
constexpr std::array otherSeeds{11, 12, 13, 14, 15};

}  // namespace lab
