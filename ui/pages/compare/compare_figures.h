#pragma once

#include <memory>
#include <vector>

#include "core/model/model.h"
#include "ui/runs/run.h"
#include "ui/scenes/attention_overlay.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/map/map_data.h"

namespace lab {

class RunBook;
class Plot;

/// One run's map in a figure.
struct ComparedMap {
    const Run* run = nullptr;
    AttentionBlock block;
    int head = 0;
    std::int64_t step = 0;
    MapData map;
};

/// Both plots one above the other for paper; the numbers are those of every run and step.
std::unique_ptr<Figure> compareCurves(const Plot& loss, const Plot& accuracy, const RunBook& book, const QString& title);

/// Maps of several runs side by side on one scale.
std::unique_ptr<Figure> compareMapsFigure(const std::vector<ComparedMap>& maps, const Input& input, const ColorScaling& scaling,
                                          const QString& quantity);
/// What maps give to the patches of their picture: a scene each, or of two maps one with what the second gives more than the first.
std::unique_ptr<Figure> comparePicturesFigure(const std::vector<ComparedMap>& maps, std::vector<OverlayScene> scenes, const Input& input);
/// `change`: the other's map minus the first one's.
std::unique_ptr<Figure> compareDifferenceFigure(const ComparedMap& first, const ComparedMap& other, const MapData& change,
                                                const Input& input, const ColorScaling& scaling);

}  // namespace lab
