#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// How far the heads of one block look: tokens that a weight of 1 reaches, without the ramp (core/layers/attention/span.h).
struct BlockSpans {
    std::string block;  ///< AttentionBlock::name
    std::vector<double> spans;

    double mean() const;
    double longest() const;
};

/// Of the blocks whose heads learn their spans, in the model's order; none where they do not. A function of the weights alone.
std::vector<BlockSpans> spansOf(const Model& model, const Weights& weights);

}  // namespace lab
