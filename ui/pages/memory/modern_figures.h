#pragma once

#include "ui/pages/memory/modern_flow.h"
#include "ui/scenes/parts_figure.h"

namespace lab {

/// One update for paper, with the products and weights of every pattern as its numbers.
FigureOffer modernOffer(const ModernLookPtr& look, const VectorForm& form, const FigureSubject& subject);

}  // namespace lab
