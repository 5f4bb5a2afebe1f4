#pragma once

#include "ui/pages/memory/recall_study.h"
#include "ui/scenes/parts_figure.h"

namespace lab {

class Plot;

/// The curve of the energy up to the shown update, which the hand holds; null: nothing.
void showEnergy(Plot& plot, const RecallStudyPtr& study, int shown);
/// Snapshots above the energy, for paper, with a film over the updates.
FigureOffer recallOffer(const RecallStudyPtr& study, int shown);
/// What the pictures of this page are of.
FigureSubject memorySubject(const MemoryValue& value);

}  // namespace lab
