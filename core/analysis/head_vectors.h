#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

/// Queries and keys of one head over many inputs, as its scores are made of them.
struct VectorCloud {
    struct Row {
        int input = 0, position = 0;  ///< index into the samples, place in it
        int token = -1;               ///< -1: a slot of a bottleneck
        bool query = false;           ///< else a key
        double length = 0;            ///< |v|
    };
    std::size_t width = 0;      ///< of a head
    std::vector<Row> rows;      ///< an input's queries and keys, input after input
    std::vector<float> values;  ///< [rows, width]
};

/// Of every head of a block, over as many of the samples, from the first on, as have at most `mostTokens` together (at least one).
/// `beforeRotation` asks for what RoPE turns, where it does. One thread. Nothing when cancelled. Throws InputError for samples that the
/// model cannot take.
std::optional<std::vector<VectorCloud>> headVectors(const Model& model, const Weights& weights, const AttentionBlock& block,
                                                    bool beforeRotation, const std::vector<Sample>& samples, std::size_t mostTokens,
                                                    const std::function<bool()>& cancelled = {});

}  // namespace lab
