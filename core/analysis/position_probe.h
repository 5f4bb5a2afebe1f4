#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

/// Vectors with the position that each stands at.
struct PositionSamples {
    int width = 0, positions = 0;
    std::vector<float> values;  ///< [rows, width]
    std::vector<int> position;  ///< [rows], 0 .. positions - 1
    std::size_t rows() const { return position.size(); }
};

/// How often a linear map of a vector, learned on `learned`, names the vector's position in `heldOut`: ridge regression onto one number a
/// position, whose largest is the answer (the lowest index where several are). A fraction of 1; 1 / positions is chance.
double linearPositionProbe(const PositionSamples& learned, const PositionSamples& heldOut);

/// What a linear probe reads of the position of a query's token on its way through one attention block.
struct PositionProbe {
    int block = 0;           ///< index into Model::attentionBlocks()
    double before = 0;       ///< in the residual stream that the sublayer adds to
    double heads = 0;        ///< in the concatenated outputs of the heads, before W_O
    double afterOutput = 0;  ///< behind W_O
    double afterSum = 0;     ///< in the sum of stream and output, before any norm
};

struct PositionProbes {
    int learned = 0, heldOut = 0;  ///< inputs
    int positions = 0;             ///< of an encoder-decoder's target side in `targetPositions`
    int targetPositions = 0;
    std::vector<PositionProbe> blocks;
};

/// `samples`: four or more of one length; the last quarter is held out. Dense path, one thread. Nothing when cancelled; `progress` is told
/// how many of how many steps of work are done.
std::optional<PositionProbes> positionProbes(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                             const std::function<bool()>& cancelled = {},
                                             const std::function<void(int, int)>& progress = {});

}  // namespace lab
