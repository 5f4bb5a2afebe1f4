#pragma once

#include "core/config/rope_config.h"
#include "core/pretrained/config_json.h"

namespace lab {

/// What a family's own program takes where config.json says nothing.
struct RopeDefaults {
    double theta = 10000;
    double rotatedShare = 1;
};

/// How the pairs of a head turn: of rope_parameters, or of rope_scaling and the keys beside it, as older files have them. Throws InputError
/// for a rope_type that is not known.
RopeConfig ropeOf(const ConfigReader& config, int headDim, int maxPositions, const RopeDefaults& defaults);

}  // namespace lab
