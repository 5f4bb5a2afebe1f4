#pragma once

#include "ui/pages/memory/modern_flow.h"
#include "ui/scenes/parts_figure.h"

namespace lab {

/// One update for paper, with the products and weights of every pattern as its numbers.
FigureOffer modernOffer(const ModernLookPtr& look, const VectorForm& form, const FigureSubject& subject);

/// Pictures of no run, and of no step of one: they stay as they are while a model is trained.
std::vector<FigureOffer> ofNoRun(std::vector<FigureOffer> offers, const FigureSubject& subject);

}  // namespace lab
