#include "core/training/validation_course.h"

#include "core/training/trainer.h"

namespace lab {

void ValidationCourse::take(const StepRecord& record) {
    m_lossSince += record.train.loss;
    ++m_stepsSince;
    if (!record.validation) return;
    m_validated.push_back({record.step, record.validation->loss, m_lossSince / m_stepsSince});
    m_lossSince = 0;
    m_stepsSince = 0;
}

ValidationState ValidationCourse::at(std::int64_t step) const {
    ValidationState state;
    double trainLossThen = 0;
    for (const Validated& each : m_validated) {
        if (each.step > step) break;
        state.above = each.loss > state.best.loss ? state.above + 1 : 0;
        state.best.take(each.step, each.loss);
        if (state.best.step == each.step) trainLossThen = each.trainLoss;
        state.trainingFalls = each.trainLoss < trainLossThen;
        state.last = each.loss;
    }
    return state;
}

}  // namespace lab
