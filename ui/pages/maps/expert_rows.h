#pragma once

#include "ui/pages/maps/expert_strip.h"
#include "ui/scenes/maps_scene.h"
#include "ui/scenes/parts_figure.h"

namespace lab {

/// Of every layer of the scene; none of a model without experts.
std::vector<ExpertRow> expertRows(const MapsScene& scene, const Trace& trace, const ModelConfig& model);

/// The strip for paper, with the numbers of each token: behind the other offers, where there are experts.
void addExpertFigure(std::vector<FigureOffer>& offers, const ExpertStrip& strip, const FigureSubject& subject);

}  // namespace lab
