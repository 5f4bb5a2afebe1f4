#pragma once

#include <QString>
#include <vector>

#include "ui/scenes/parts_figure.h"
#include "ui/widgets/export_panel.h"

namespace lab {

class AblationView;
class AverageView;
class HeadsView;

// What the views of the Maps page beside its maps offer for export: tables with their numbers, plots and maps.

std::vector<FigureOffer> headsFigures(const HeadsView& view, const FigureSubject& subject);
std::vector<FigureOffer> ablationFigures(const AblationView& view, const FigureSubject& subject);
/// `subject`: of the map of this input; the others say over which inputs they are.
std::vector<FigureOffer> averageFigures(const AverageView& view, const FigureSubject& subject);

}  // namespace lab
