#pragma once

#include <memory>
#include <vector>

#include "core/moments/maps_wish.h"
#include "core/tasks/loss_kind.h"
#include "core/training/metrics_csv.h"
#include "ui/widgets/figure.h"

// The pictures that `render` writes and `serve` gives.

namespace lab {

/// Of a trace that traceFor() made for the same wish, with which it is to be called. Throws InputError at the key that is wrong.
std::unique_ptr<Figure> mapsFigure(const RunMoment& moment, const Input& input, const std::shared_ptr<const Trace>& trace,
                                   const MapsWish& wish);

/// Of at least one row; `source`: where they come from, for the caption. The metrics alone do not say of what kind the answers are:
/// `loss` does. Makes a widget: on the GUI's thread.
std::unique_ptr<Figure> curvesFigure(const std::vector<MetricsRow>& rows, const std::string& name, const std::string& source,
                                     std::optional<LossKind> loss);

}  // namespace lab
