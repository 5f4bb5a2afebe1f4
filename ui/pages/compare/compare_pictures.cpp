#include "ui/pages/compare/compare_pictures.h"

#include <algorithm>
#include <cmath>

#include "ui/scenes/stage_maps.h"

namespace lab {

ColorScaling ComparedPictures::scaling() const {
    const auto any = std::ranges::find_if(runs, [](const OverlayScene& scene) { return !scene.empty(); });
    return any == runs.end() ? ColorScaling() : any->scaling;
}

ComparedPictures comparedPictures(const std::vector<PicturedMap>& maps, std::size_t other, int patch) {
    ComparedPictures compared;
    compared.patch = patch;
    for (const PicturedMap& each : maps) compared.runs.push_back(overlayOfMap(*each.run, each.trace, each.map, patch));
    const bool anySign = std::ranges::any_of(maps, [](const PicturedMap& each) { return hasSignedWeights(*each.run); });
    const ColorScaling scaling = commonScaling(compared.runs, anySign);
    for (OverlayScene& scene : compared.runs) scene.scaling = scaling;
    if (other < compared.runs.size() && other > 0) compared.change = overlayChange(compared.runs.front(), compared.runs[other]);
    return compared;
}

std::optional<double> weightOver(const OverlayScene& scene, int patch) {
    if (scene.empty()) return std::nullopt;
    const AttentionOverlay& overlay = scene.overlays.front();
    const auto i = static_cast<std::size_t>(patch);
    const std::optional<double> value = patch < 0                   ? overlay.classValue
                                        : i < overlay.values.size() ? std::optional<double>(overlay.values[i])
                                                                    : std::nullopt;
    return value && std::isfinite(*value) ? value : std::nullopt;
}

}  // namespace lab
