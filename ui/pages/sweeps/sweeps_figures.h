#pragma once

#include <memory>

#include "ui/pages/sweeps/distribution_view.h"
#include "ui/pages/sweeps/heat_scene.h"
#include "ui/widgets/figure.h"

namespace lab {

/// The heat table with its scale, for paper. `filter` says in words which runs it is of; empty: all.
std::unique_ptr<Figure> heatFigure(const HeatScene& scene, const QString& sweep, const QString& filter);

/// The distributions with their axis, for paper.
std::unique_ptr<Figure> distributionFigure(const DistributionScene& scene, const SweepRows& rows, const QString& sweep,
                                           const QString& filter);

}  // namespace lab
