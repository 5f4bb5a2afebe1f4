#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/model/model.h"
#include "core/optimizers/training_state.h"
#include "core/tensor/tally.h"

namespace lab {

class Dataset;
struct Experiment;
struct TrainingConfig;

/// Loss and accuracies over a set of samples; accuracies are fractions of 1.
struct Evaluation {
    double loss = 0;              ///< mean over all counting positions, natural logarithm; of numbers half the mean square
    double accuracy = 0;          ///< share of counting positions predicted right; of numbers the explained share (LossKind)
    double sequenceAccuracy = 0;  ///< share of sequences with every counting position right; of numbers the explained share too
    /// By group of the data set's targets (Dataset::targetGroups); empty when there are none, and over a batch that is trained on.
    std::vector<Tally> groups = {};
};

/// What one step did.
struct StepRecord {
    std::int64_t step = 0;                 ///< from 1
    Evaluation train;                      ///< on the step's batch, before its update
    std::optional<Evaluation> validation;  ///< after the update; every validate_every steps and after the last
    double learningRate = 0;
    double gradientNorm = 0;  ///< before clipping, of what is trained
    double seconds = 0;       ///< computing time of the step without validation
    int tokens = 0;           ///< positions fed to the model (padding excluded)
};

/// Whether training.early_stop ends it: so many validations in a row were not lower than the best one.
bool stopsEarly(const TrainingConfig& training, const BestValidation& best);
/// Nothing is left to train: all steps are done, or it stops early.
bool isTrained(const TrainingConfig& training, const TrainingState& state);

/// Initial weights of the experiment (training.seed, model.init), adapters where it asks for them, zero moments, step 0.
TrainingState initialState(const Model& model, const Experiment& experiment);

/// The only thing that changes. Opens OpenMP regions: use it from one thread only.
class Trainer {
public:
    /// `experiment` resolved, as `model` was built from. threads 0 = all processors; the result does not depend on it. Throws InputError
    /// when training.frozen or training.adapters does not fit the model, or the adapters that `start` has; one without any begins with new
    /// ones.
    Trainer(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset, TrainingState start,
            int threads = 0);
    ~Trainer();

    bool finished() const;
    /// One step, whether it is finished or not. Throws DivergenceError when a number of it is not finite, its validation's loss included;
    /// the state is then still the last good one.
    StepRecord advance();
    const TrainingState& state() const;
    int threads() const;

    /// Over the validation or test samples with the present weights. Never changes the state.
    /// A watch is told by one thread after the other; throws InputError when it ends it.
    Evaluation evaluateValidation(const Watch& watch = {});
    Evaluation evaluateTest();  ///< throws DivergenceError when the loss is not finite

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

}  // namespace lab
