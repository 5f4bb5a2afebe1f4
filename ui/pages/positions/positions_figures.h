#pragma once

#include <memory>

#include "ui/pages/positions/rope_study.h"
#include "ui/scenes/parts_figure.h"

// The Positions page's pictures for paper.

namespace lab {

/// All pairs as circles, the bars that add up to the score, and the score against distance; its numbers are those of the pairs.
std::unique_ptr<Figure> ropeFigure(const FigureSubject& subject, const RopeStudy& study);

}  // namespace lab
