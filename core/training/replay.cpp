#include "core/training/replay.h"

#include <cassert>

#include "core/config/experiment.h"

namespace lab {
namespace {

/// Validating never changes a training, so a replay does without.
Experiment withoutValidation(Experiment experiment) {
    experiment.training.validate_every = 0;
    return experiment;
}

}  // namespace

Replay::Replay(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset, TrainingState from,
               std::int64_t step, int threads)
    : m_step(step), m_trainer(withoutValidation(experiment), std::move(model), std::move(dataset), std::move(from), threads) {
    assert(m_trainer.state().step <= step && step <= experiment.training.steps);
}

void Replay::advance() {
    assert(!finished());
    m_trainer.advance();
}

TrainingState replayed(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset,
                       TrainingState from, std::int64_t step, int threads) {
    Replay replay(experiment, std::move(model), std::move(dataset), std::move(from), step, threads);
    while (!replay.finished()) replay.advance();
    return replay.state();
}

}  // namespace lab
