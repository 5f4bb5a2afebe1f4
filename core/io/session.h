#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/config/training_config.h"
#include "core/io/safetensors.h"
#include "core/optimizers/training_state.h"
#include "core/tensor/weights.h"

// What a session keeps of a run's past (FORMATS.md 2).

namespace lab {

/// The past of one run. Its weights are shared, so it is cheap to make and any thread may write it.
struct SessionPast {
    struct Moment {
        std::int64_t step = 0;
        std::shared_ptr<const Weights> weights;
    };
    std::int64_t firstStep = 0;            ///< where the run began
    std::vector<Moment> moments;           ///< kept weights in ascending order of their steps
    std::vector<TrainingStatePtr> states;  ///< kept full states, ascending
    std::map<std::int64_t, std::string> pins;
    std::vector<std::vector<double>> rows;  ///< one a step from firstStep + 1, all equally long; NaN = not there
};

/// Tensors for a file, as they lie in memory; it owns what does not lie anywhere yet.
struct SessionTensors {
    std::vector<ScatteredTensor> tensors;
    std::vector<std::shared_ptr<const std::vector<float>>> owned;
};

/// Adds the tensors of a past, called `prefix`weights and so on, and returns the JSON that says what they are. The session must outlive the
/// writing.
std::string addPast(SessionTensors& tensors, const std::string& prefix, const SessionPast& past);

/// Reads it again. Throws InputError beginning with `place` when text and tensors contradict each other or do not fit the weights of the
/// run's `present`, whose adapters' base its states share.
SessionPast readPast(const NamedTensors& tensors, const std::string& prefix, std::string_view json, const TrainingState& present,
                     const Message& place);

/// A full state as one tensor [1, 2 or 3, P]: what is trained and its moments. With adapters what they are added to comes beside it, and
/// which matrices have them; their sums are not in the file.
void addState(SessionTensors& tensors, const std::string& name, const TrainingState& state);
TrainingStatePtr readState(const NamedTensors& tensors, const std::string& name, std::int64_t step, const ParameterLayout& layout,
                           const AdaptersConfig& adapters, const Message& place);

/// Whether a tensor belongs to the session and not to the model.
bool isSessionTensor(std::string_view name);

}  // namespace lab
