#pragma once

#include <limits>

namespace lab {

/// The masked score of a key that is not seen.
inline constexpr float minusInfinity = -std::numeric_limits<float>::infinity();

}  // namespace lab
