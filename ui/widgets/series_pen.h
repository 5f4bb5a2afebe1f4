#pragma once

#include <QPen>

#include "ui/widgets/theme.h"

namespace lab {

/// The pen of a data series: its role's colour and its role's dash (LOOK.md 3: series1 solid, series2 dash, series3 dash-dot, series4 dots,
/// series5 solid; text, for a sixth: long dashes), so that colour is never the only mark. `width` in logical px at 100 %.
QPen seriesPen(Role role, double width);

}  // namespace lab
