#pragma once

#include <memory>

#include "ui/scenes/attention_overlay.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/figure.h"

namespace lab {

/// Pictures with weights, or differences of weights, over them for paper, so many side by side, under one scale, which is that of all
/// scenes; as a table a row a patch.
std::unique_ptr<Figure> overlayFigure(std::vector<OverlayScene> scenes, int columns, OverlayStrength strength,
                                      const FigureSubject& subject);

}  // namespace lab
