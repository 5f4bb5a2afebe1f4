#pragma once

#include <QString>
#include <cstdint>
#include <optional>

#include "core/analysis/uniform_maps.h"
#include "ui/scenes/maps_scene.h"

namespace lab {

/// What switching heads off and making them uniform did to the weights shown.
struct EvenMapsEvidence {
    std::optional<AloneAblation> ablation;
    std::size_t heads = 1;  ///< that were changed, one at a time
    QString samples;        ///< "over 64 validation samples"
};

/// When every head of the scene spreads its weight evenly over what it may see: that it is so, and the likely reason, or what ablation
/// showed it to be worth; where neither is known no more than that. Else empty. `metrics` of the scene's heads at `step`.
QString uniformNotice(const Run& run, std::int64_t step, const MapsScene& scene, const std::vector<HeadMetrics>& metrics,
                      const EvenMapsEvidence& evidence = {});

}  // namespace lab
