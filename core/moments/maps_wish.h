#pragma once

#include <array>
#include <memory>
#include <optional>

#include "core/analysis/map_stage.h"
#include "core/moments/head_choice.h"
#include "core/moments/run_moment.h"

namespace lab {

/// Which picture of a model's heads: the command line and the server ask for the same ones.
struct MapsWish {
    enum class View {
        maps,  ///< all heads
        head,  ///< one of them, with its numbers
        rope   ///< its pairs of channels, for one query and one key
    };
    static constexpr std::array viewIds{"maps", "head", "rope"};

    View view = View::maps;
    MapStage quantity = MapStage::weights;
    HeadChoice head = {};
    std::optional<int> query = {}, key = {};  ///< rope: the last and the middle one when not given

    /// Whether a trace without gradients has not what is shown.
    bool needsGradients() const { return view != View::rope && lab::needsGradients(quantity); }
};

/// All that the picture shows. Refuses what is none of this model: InputError at the key that is wrong, "quantity", "view", "layer".
std::shared_ptr<const Trace> traceFor(const MapsWish& wish, const RunMoment& moment, const Input& input);

}  // namespace lab
