#pragma once

#include <memory>
#include <optional>

#include "core/analysis/map_stage.h"
#include "core/model/trace.h"
#include "core/moments/run_moment.h"
#include "ui/widgets/map/map_figure.h"

// Maps of a model's heads as a picture for paper, without a run that is open.

namespace lab {

struct HeadsWish {
    MapStage quantity = MapStage::weights;
    std::optional<int> block = {};  ///< index into Model::attentionBlocks(); all when not given
    std::optional<int> head = {};   ///< all when not given
};

/// Throws InputError when a block does not have the quantity.
std::unique_ptr<MapFigure> headsFigure(const RunMoment& moment, const Input& input, const std::shared_ptr<const Trace>& trace,
                                       const HeadsWish& wish);

}  // namespace lab
