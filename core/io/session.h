#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "core/tensor/weights.h"

// What a session's file holds beside a training state (FORMATS.md 2): the run's past. The file stays a training state that anything reads.

namespace lab {

struct Session {
    struct Moment {
        std::int64_t step = 0;
        std::shared_ptr<const Weights> weights;
    };
    std::int64_t firstStep = 0;   ///< where the run began
    std::vector<Moment> moments;  ///< kept weights in ascending order of their steps
    std::map<std::int64_t, std::string> pins;
    std::vector<std::vector<double>> rows;  ///< one a step from firstStep + 1, all equally long; NaN = not there
};

/// Adds tensors and metadata called session.*.
void addSession(NamedTensors& tensors, Metadata& metadata, const Session& session);

/// Reads them again. Empty when the file has none; throws InputError naming the file when they contradict each other or do not fit
/// `flatSize` weights.
Session readSession(const NamedTensors& tensors, const Metadata& metadata, std::size_t flatSize, const std::string& file);

/// Whether a tensor belongs to the session and not to the model.
bool isSessionTensor(std::string_view name);

}  // namespace lab
