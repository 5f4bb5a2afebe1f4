#pragma once

#include <QRectF>
#include <optional>
#include <utility>
#include <vector>

#include "ui/widgets/plot/plot_scene.h"

namespace lab {

// Where the name of a curve may stand: just above or below it, where no other curve of the same plot and no other text is.

constexpr int nameColumns = 48;  ///< a plot's width is judged in so many columns

/// What a curve covers in one column, in px; empty where it has no values.
struct Extent {
    double low = 1e9, high = -1e9;
    double middle = 0;
    bool empty() const { return low > high; }
    void include(double y) {
        low = y < low ? y : low;
        high = y > high ? y : high;
    }
};
using CurveTrack = std::vector<Extent>;  ///< nameColumns + 1

struct NameField {
    QRectF plot;
    double clearance = 3;
    std::vector<CurveTrack> tracks;
    std::vector<QRectF> taken;
};

/// What a curve covers: its line, and where every value is drawn too, those.
CurveTrack trackOf(const PlotField& field, PlotValues line, std::span<const double> every = {});

/// The place for the name of `track`; empty when there is none (the legend names it anyway). Tries `last` (column, above) first, so
/// that a name stays where it was while it can, then from the right end leftwards; keeps `last` up to date.
/// `ratherAbove`: below only where no place above is free, as where many level lines would share a name between them.
std::optional<QRectF> placeName(const NameField& field, const CurveTrack& track, const QSizeF& size,
                                std::optional<std::pair<int, bool>>& last, bool ratherAbove = false);

/// px right of a plot that the names of its curves take there.
double endNamesRoom(const std::vector<PlotSeries>& series);
/// Each right of its curve's last point, moved up or down as far as the others need.
void paintEndNames(QPainter& painter, const PlotField& field, const std::vector<PlotSeries>& series);

}  // namespace lab
