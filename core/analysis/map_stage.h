#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/kernel_kind.h"
#include "core/config/model_config.h"
#include "core/model/model.h"

namespace lab {

/// What a head's map can show between its queries and keys and what it passes on.
enum class MapStage {
    scores,          ///< q . k / sqrt(d_h) with all position terms, before the mask
    maskedScores,    ///< the same, minus infinity where the query may not look
    weights,         ///< softmax of the masked scores
    weightedValues,  ///< a_ij |v_j|: the length of what key j adds to the head's output (arXiv:2004.10102, before W_O)
    scoreGradient,   ///< dL/ds_ij
    weightGradient,  ///< dL/da_ij
    exactWeights,    ///< the softmax behind weights that are none: that drawn features stand for, a head's own where maps are subtracted
    decay,           ///< what is left of a product where weights fade with the distance
};

inline constexpr std::array mapStageList{MapStage::scores,         MapStage::maskedScores,  MapStage::weights,
                                         MapStage::weightedValues, MapStage::scoreGradient, MapStage::weightGradient};

/// Those that only some kernels have.
inline constexpr std::array kernelStageList{MapStage::exactWeights, MapStage::decay};

/// Whether maps of this attention have the stage.
bool hasStage(const AttentionConfig& attention, MapStage stage);

/// As tables name it: "masked_scores".
std::string mapStageName(MapStage stage);
/// All of them.
std::vector<std::string> mapStageNames();
/// The one of this name, if there is one.
std::optional<MapStage> findMapStage(std::string_view name);
/// Positive and negative numbers: shown about zero.
bool isSigned(MapStage stage);
bool needsGradients(MapStage stage);

/// The stage's numbers of every head of a block, [H, T, S]. What the trace holds is shared with it; a_ij |v_j| is computed here. Null when
/// the trace has no such tensor (gradients that were not asked for).
std::shared_ptr<const float> stageValues(const std::shared_ptr<const Trace>& trace, const AttentionBlock& block, MapStage stage);

/// The largest finite magnitude among `count` values; 0 without any.
double largestMagnitude(const float* values, std::size_t count);

/// The end of a scale that holds values up to `magnitude`: the next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten, so that it stays
/// put while the values move a little; 1 for 0.
double scaleBound(double magnitude);

}  // namespace lab
