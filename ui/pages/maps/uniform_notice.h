#pragma once

#include <QString>
#include <cstdint>

#include "ui/scenes/maps_scene.h"

namespace lab {

/// When every head of the scene spreads its weight evenly over what it may see: that it is so, and the likely reason. Else empty.
/// `metrics` of the scene's heads at `step`.
QString uniformNotice(const Run& run, std::int64_t step, const MapsScene& scene, const std::vector<HeadMetrics>& metrics);

}  // namespace lab
