#pragma once

#include "core/base/parameters.h"

namespace lab::patterns {

/// Of the rows that draw.
inline constexpr ParameterSpec seedParameter{.key = "seed",
                                             .help = LAB_TEXT("fields", "Draws bigbird's random keys and lsh's directions."),
                                             .limits = {0, largestSeed},
                                             .standard = {},
                                             .label = "pattern seed"};

}  // namespace lab::patterns
