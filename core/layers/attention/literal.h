#pragma once

#include "core/config/layer_config.h"

namespace lab {

/// Whether a layer's attention is trained by the looking path (attention_dense.cpp), which computes every score of every sequence, or by
/// bands of it (attention_bands.cpp) where no query sees far: no other training kernel knows stages of scores, sinks, dropout of weights,
/// weights that fade, keys of length 1, projections of the first queries' own, masks that hang on the vectors, pairs whose key's row gets
/// no gradient, or drawn features where a pattern hides keys.
bool trainsLiterally(const LayerConfig& layer);

/// Maps [queries, keys] of each head that such training keeps for the backward pass.
int mapsKept(const LayerConfig& layer);

}  // namespace lab
