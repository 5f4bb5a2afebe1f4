#pragma once

#include <memory>

#include "ui/scenes/attention_overlay.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/figure.h"

namespace lab {

/// Pictures with weights over them for paper, so many side by side, under one scale; as a table a row a patch.
std::unique_ptr<Figure> overlayFigure(const OverlayScene& scene, const std::vector<AttentionOverlay>& overlays, int columns,
                                      OverlayStrength strength, const FigureSubject& subject);

}  // namespace lab
