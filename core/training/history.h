#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/optimizers/training_state.h"
#include "core/tensor/weights.h"

namespace lab {

/// The weights after a step; immutable, shared by all threads. Those of a state that is kept anyway are not copied for it: of a large
/// model they would be there twice.
struct Checkpoint {
    Checkpoint(std::int64_t stepDone, std::shared_ptr<const Weights> after) : step(stepDone), shared(std::move(after)), weights(*shared) {}
    Checkpoint(std::int64_t stepDone, Weights after) : Checkpoint(stepDone, std::make_shared<const Weights>(std::move(after))) {}
    /// Keeps all of the state, whose memory they are.
    explicit Checkpoint(const TrainingStatePtr& state) : Checkpoint(state->step, {state, &state->weights}) { ofState = true; }

    std::int64_t step;
    std::shared_ptr<const Weights> shared;
    const Weights& weights;
    bool ofState = false;
};
using CheckpointPtr = std::shared_ptr<const Checkpoint>;

/// Whether step `step` of a run is worth keeping while the history is young: every step to 100, then ever more widely. A pure function of
/// the step.
bool isHistoryStep(std::int64_t step);

/// Whether the full state (weights, moments, step) of a step is worth keeping while the history is young: replay begins there.
bool isStateStep(std::int64_t step);

/// What is kept of a run within a memory budget: checkpoints in ascending order of their steps, and sparsely full states. Both are thinned
/// by step alone; of the checkpoints the first, the last, the best (lowest validation loss) and the pinned ones always stay, of the states
/// the first.
class History {
public:
    static constexpr std::size_t defaultBudget = std::size_t{256} << 20;

    explicit History(std::size_t budgetBytes = defaultBudget);

    /// Ascending; `validationLoss` of this step, if it was validated.
    void add(CheckpointPtr checkpoint, std::optional<double> validationLoss = std::nullopt);
    /// Ascending; one that is not kept at the present level is let go.
    void addState(TrainingStatePtr state);
    /// Forgets all but the budget.
    void clear();

    std::size_t budget() const { return m_budgetBytes; }
    /// A smaller one thins at once; a larger one lets later steps be denser.
    void setBudget(std::size_t bytes);

    bool empty() const { return m_checkpoints.empty(); }
    std::size_t size() const { return m_checkpoints.size(); }
    /// Of checkpoints and states.
    std::size_t bytes() const { return m_bytes + m_stateBytes; }
    const std::vector<CheckpointPtr>& checkpoints() const { return m_checkpoints; }
    const std::vector<TrainingStatePtr>& states() const { return m_states; }
    /// The newest one not after `step`; null when the history is empty or begins later.
    CheckpointPtr atOrBefore(std::int64_t step) const;
    CheckpointPtr last() const { return m_checkpoints.empty() ? nullptr : m_checkpoints.back(); }
    TrainingStatePtr stateAtOrBefore(std::int64_t step) const;

    /// The step of the lowest validation loss so far; of equal ones the first.
    std::optional<std::int64_t> bestStep() const { return m_best; }
    /// That step's validation loss; infinite without one.
    double bestLoss() const { return m_bestLoss; }

    /// Keeps this checkpoint, which need not have been kept before; pinning again renames.
    void pin(CheckpointPtr checkpoint, std::string name);
    void unpin(std::int64_t step);
    const std::map<std::int64_t, std::string>& pins() const { return m_pins; }

private:
    bool isKept(const Checkpoint& checkpoint) const;
    void keepWithinBudget();
    void dropUnkept();
    void dropUnkeptStates();

    std::vector<CheckpointPtr> m_checkpoints;
    std::vector<TrainingStatePtr> m_states;
    std::map<std::int64_t, std::string> m_pins;
    std::optional<std::int64_t> m_best;
    double m_bestLoss = std::numeric_limits<double>::infinity();
    std::size_t m_budgetBytes;
    std::size_t m_bytes = 0;       ///< of the checkpoints
    std::size_t m_stateBytes = 0;  ///< of the states: half the budget at the most
    int m_level = 0;               ///< how often the steps were halved
    int m_stateLevel = 0;
};

}  // namespace lab
