#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ui/scenes/attention_overlay.h"

namespace lab {

/// One run's map, and the trace that it is of.
struct PicturedMap {
    const Run* run = nullptr;
    std::shared_ptr<const Trace> trace;
    MapData map;  ///< empty: there is none yet
};

/// What the maps of several runs give to the patches of their picture under one query.
struct ComparedPictures {
    int patch = -1;                  ///< the query; -1: the class token
    std::vector<OverlayScene> runs;  ///< one a run, on one scale; empty where it has no map or no such query
    OverlayScene change;             ///< of one of them, minus the first; empty where they do not show one picture cut alike

    /// Of the runs.
    ColorScaling scaling() const;
};

/// `other`: which of the runs the first one is held against.
ComparedPictures comparedPictures(const std::vector<PicturedMap>& maps, std::size_t other, int patch);

/// What lies over a patch, or at -1 what is given to the class token; nothing where there is nothing, or nobody may look.
std::optional<double> weightOver(const OverlayScene& scene, int patch);

}  // namespace lab
