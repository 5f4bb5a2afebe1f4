#include "core/sweep/remaining_work.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/sweep/run_sweep.h"

namespace lab {
namespace {

constexpr double measuredSeconds = 0.3;
constexpr int mostMeasuredSteps = 40;

double stepsWork(const Sweep& sweep, const std::vector<int>& runs) {
    double work = 0;
    for (const int run : runs) {
        const Experiment experiment = experimentOf(sweep, run);
        work += workOfStep(experiment) * experiment.training.steps;
    }
    return work;
}

/// Steps that validation and test take as long as: forward only, a third of the way.
double stepsOfEvaluation(const Experiment& experiment) {
    const double validations =
        experiment.training.validate_every > 0 ? 1.0 * experiment.training.steps / experiment.training.validate_every : 0;
    const double samples = validations * resolved(experiment).task.validation_size.value_or(0) + experiment.task.test_size;
    return samples / (3.0 * experiment.training.batch_size);
}

}  // namespace

RemainingWork::RemainingWork(const Sweep& sweep, const std::vector<int>& open, int done)
    : m_sweep(sweep), m_done(done), m_total(done + static_cast<int>(open.size())), m_workLeft(stepsWork(sweep, open)) {}

void RemainingWork::begun(int run) {
    const Experiment experiment = experimentOf(m_sweep, run);
    m_inHand[run] = {workOfStep(experiment), {run, 0, experiment.training.steps, 0}};
}

void RemainingWork::stepped(int run, const StepRecord& record) {
    Hand& hand = m_inHand[run];
    hand.run.step = record.step;
    hand.run.loss = record.train.loss;
    m_workDone += hand.workOfStep;
    m_workLeft -= hand.workOfStep;
}

void RemainingWork::ended(int run) {
    const Hand& hand = m_inHand[run];
    m_workLeft -= hand.workOfStep * static_cast<double>(hand.run.steps - hand.run.step);
    m_inHand.erase(run);
    ++m_done;
}

double RemainingWork::share() const {
    const double whole = m_workDone + std::max(m_workLeft, 0.0);
    return whole > 0 ? m_workDone / whole : 0;
}

std::vector<RunInHand> RemainingWork::inHand() const {
    std::vector<RunInHand> runs;
    for (const auto& [number, hand] : m_inHand) runs.push_back(hand.run);
    return runs;
}

std::optional<double> RemainingWork::secondsLeft(double elapsed) const {
    if (m_workDone <= 0) return std::nullopt;
    return elapsed / m_workDone * std::max(m_workLeft, 0.0);
}

double workOf(const Sweep& sweep, const std::vector<int>& runs) {
    double work = stepsWork(sweep, runs);
    for (const int run : runs) {
        const Experiment experiment = experimentOf(sweep, run);
        work += workOfStep(experiment) * stepsOfEvaluation(experiment);
    }
    return work;
}

std::optional<double> measuredRate(const Sweep& sweep, int run, int threads, const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    const auto secondsSince = [](Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    try {
        const LoadedTask task = loadTask(experimentOf(sweep, run), sweep.folder, [&stop](double) { return !stop.stop_requested(); });
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads);
        if (stop.stop_requested() || trainer.finished()) return std::nullopt;
        double first = trainer.advance().seconds;  // also warms up
        double seconds = 0;
        int steps = 0;
        const Clock::time_point begin = Clock::now();
        while (!trainer.finished() && steps < mostMeasuredSteps && secondsSince(begin) < measuredSeconds) {
            if (stop.stop_requested()) return std::nullopt;
            seconds += trainer.advance().seconds;
            ++steps;
        }
        const double perStep = steps > 0 ? seconds / steps : first;
        return perStep > 0 ? std::optional(workOfStep(experimentOf(sweep, run)) / perStep) : std::nullopt;
    } catch (const InputError&) {
        return std::nullopt;
    } catch (const DivergenceError&) {
        return std::nullopt;
    }
}

}  // namespace lab
