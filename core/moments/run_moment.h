#pragma once

#include <cstdint>
#include <memory>

#include "core/config/experiment.h"
#include "core/data/tokenizers/tokenizer.h"
#include "core/model/model.h"
#include "core/training/trainer.h"

namespace lab {

/// A run's model with the weights of one of its steps, wherever they come from: a checkpoint's, or those of a run that trains.
struct RunMoment {
    Experiment experiment;  ///< resolved
    std::shared_ptr<const Tokenizer> tokenizer;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Weights> weights;
    std::int64_t step = 0;
    std::shared_ptr<const TrainingState> state = nullptr;  ///< of the step; null when the optimizer's memory is unknown
};

}  // namespace lab
