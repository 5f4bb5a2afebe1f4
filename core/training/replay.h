#pragma once

#include "core/training/trainer.h"

namespace lab {

/// Recomputes a moment of a training that was not kept: from a full state of it to a later step, exactly, bit for bit. As a Trainer it
/// belongs to one thread.
class Replay {
public:
    /// `from` not after `step`; the rest as the run's own trainer was made.
    Replay(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset, TrainingState from,
           std::int64_t step, int threads = 0);

    bool finished() const { return m_trainer.state().step >= m_step; }
    /// One step nearer.
    void advance();
    /// Of the step wanted once finished.
    const TrainingState& state() const { return m_trainer.state(); }

private:
    std::int64_t m_step;
    Trainer m_trainer;
};

/// All of it at once.
TrainingState replayed(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset,
                       TrainingState from, std::int64_t step, int threads = 0);

}  // namespace lab
