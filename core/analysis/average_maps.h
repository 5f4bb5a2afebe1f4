#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

/// The weights of every head over several inputs of one length: where it looks whatever the input is, and how much that changes.
struct AverageMaps {
    struct Block {
        int heads = 0, queries = 0, keys = 0;
        std::vector<float> allowed;  ///< [T, S], minus infinity where no query may look
        std::vector<float> mean;     ///< [H, T, S]
        std::vector<float> spread;   ///< [H, T, S], standard deviation over the inputs (of all of them, so divided by their number)
    };
    int inputs = 0;
    std::vector<Block> blocks;  ///< as Model::attentionBlocks()
};

/// Those of the samples that are as long as `like`, both sides of an encoder-decoder; `most` of them at most.
std::vector<Sample> samplesAsLongAs(const Sample& like, const std::vector<Sample>& samples, std::size_t most);

/// Bytes of all maps of one input of that length: what an average over any number of them takes six times.
double mapBytes(const Model& model, const Sample& like);

/// `samples`: all of one length, at least one. Dense path, one thread. Nothing when cancelled. Throws InputError for samples that the model
/// cannot take.
std::optional<AverageMaps> averageMaps(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                       const std::function<bool()>& cancelled = {});

}  // namespace lab
