#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/optimizers/training_state.h"

namespace lab {

struct StepRecord;

/// How the validations of a run went up to a step.
struct ValidationState {
    std::optional<double> last;  ///< the last one's loss
    BestValidation best;
    int above = 0;               ///< validations in a row, up to the last one, whose loss is above the lowest before them
    bool trainingFalls = false;  ///< the mean training loss of the steps before the last validation is below that before the best one

    /// So many in a row make it no accident.
    static constexpr int risesInARow = 3;
    bool rises() const { return above >= risesInARow; }
    /// What is learned since helps with the training samples alone.
    bool overfits() const { return rises() && trainingFalls; }
};

/// The validations of a run, taken in record by record; what held at any step is a pure function of these and the step.
class ValidationCourse {
public:
    void take(const StepRecord& record);
    void clear() { *this = {}; }
    ValidationState at(std::int64_t step) const;

private:
    struct Validated {
        std::int64_t step = 0;
        double loss = 0;
        double trainLoss = 0;  ///< mean of the steps since the validation before
    };
    std::vector<Validated> m_validated;
    double m_lossSince = 0;
    int m_stepsSince = 0;
};

}  // namespace lab
