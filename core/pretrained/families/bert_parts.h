#pragma once

#include "core/pretrained/family.h"

// What BERT and RoBERTa have in common.

namespace lab::families {

/// All but the output. Refuses decoders and positions relative to each other.
ModelConfig bertEncoder(const ConfigReader& config);
/// Of tables and layers.
void nameBertEncoder(const ModelConfig& model, NameTable& table, int droppedPositions = 0);
/// A head that fills gaps, whose last map is the token table unless the configuration parts them; without one hidden states are the result.
void setMaskedWordHead(ModelConfig& model, const ConfigReader& config, bool there);

}  // namespace lab::families
