#pragma once

#include <cmath>
#include <string>

#include "core/config/model_config.h"
#include "core/config/problem_list.h"

// For the scalings' own sources.

namespace lab::scalings {

inline std::string scalingKey(std::string_view key) {
    return "model.position.rope.scaling." + std::string(key);
}

/// Of two values where one has to lie above the other: "2 is too small; must be above beta_slow 4".
Message tooSmall(double value, const char* key, double least);

}  // namespace lab::scalings
