#pragma once

#include "core/config/rope_config.h"

namespace lab {

/// Frequencies of a head's pairs for a sequence of `length` tokens, which matters only to scalings that say so (`byLength`); 0 of pairs
/// beyond rope.dims (GPT-NeoX's partial rotation, arXiv 2204.06745).
RopeFrequencies ropeFrequencies(const RopeConfig& rope, int headDim, int length);

/// cos and sin of positions first .. first + rows - 1, [rows, head_dim / 2] each.
template <class T>
void ropeTables(const RopeFrequencies& frequencies, int first, int rows, T* cos, T* sin);

}  // namespace lab
