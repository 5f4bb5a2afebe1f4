#include "ui/runs/task_lines.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

constexpr std::uint64_t linesSeed = 1;
constexpr std::size_t mostKnown = 8;

using Cancelled = std::function<bool()>;
using Tell = std::function<void(const TaskLinesFound&)>;

LossPoint pointOf(const TaskSpectra& spectra, int at, Solver solver, int steps = 1) {
    LossPoint point;
    point.at = at;
    point.method = spectra.best(solver, steps);
    point.loss = spectra.loss(point.method);
    return point;
}

void findBySteps(TaskLinesFound& found, int tasks, const Cancelled& cancelled, const Tell& tell) {
    const TaskSpectra spectra(found.task, linesSeed, tasks, 0, cancelled);
    found.ridge = pointOf(spectra, 0, Solver::ridge);
    found.leastSquares = pointOf(spectra, 0, Solver::least_squares);
    for (int k = 1; k <= TaskLines::mostSteps && !cancelled(); ++k) {
        found.gradient.push_back(pointOf(spectra, k, Solver::gradient, k));
        tell(found);
    }
    for (int k = 1; k <= TaskLines::mostSteps && !cancelled(); ++k) {
        found.plus.push_back(pointOf(spectra, k, Solver::gradient_plus, k));
        tell(found);
    }
}

void findByExamples(TaskLinesFound& found, int tasks, const Cancelled& cancelled, const Tell& tell) {
    for (const int examples : exampleCounts(found.task)) {
        if (cancelled()) return;
        FunctionConfig task = found.task;
        task.points = examples;
        const TaskSpectra spectra(task, linesSeed, tasks, 0, cancelled);
        found.byExamples.oneStep.push_back(pointOf(spectra, examples, Solver::gradient));
        found.byExamples.steps.push_back(pointOf(spectra, examples, Solver::gradient, found.steps));
        found.byExamples.ridge.push_back(pointOf(spectra, examples, Solver::ridge));
        found.byExamples.leastSquares.push_back(pointOf(spectra, examples, Solver::least_squares));
        tell(found);
    }
}

}  // namespace

std::optional<Method> TaskLinesFound::method(Solver solver, int ofSteps) const {
    if (gradient.empty()) return std::nullopt;
    if (solver == Solver::ridge) return ridge.method;
    if (solver == Solver::least_squares) return leastSquares.method;
    const auto& line = solver == Solver::gradient ? gradient : plus;
    const auto point = std::ranges::find(line, ofSteps, &LossPoint::at);
    return point == line.end() ? std::nullopt : std::optional(point->method);
}

std::vector<int> exampleCounts(const FunctionConfig& task) {
    std::vector<int> counts;
    for (const double share : {0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0})
        counts.push_back(std::max(1, static_cast<int>(std::lround(share * task.points))));
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    return counts;
}

void TaskLines::look(const FunctionConfig& task, int steps) {
    if (task == m_task && steps == m_steps && (m_busy || m_found)) return;
    m_task = task;
    m_steps = steps;
    m_error.clear();
    const auto known = std::ranges::find_if(m_known, [&](const TaskLinesPtr& each) { return each->task == task && each->steps == steps; });
    m_work.cancel();
    m_busy = known == m_known.end();
    m_found = m_busy ? nullptr : *known;
    if (!m_busy) return;
    TaskLinesFound begun;
    begun.task = task;
    begun.steps = steps;
    m_work.requestTold(
        [this, begun, tasks = m_tasks](Worker::Context& context) -> LatestTask::Found {
            TaskLinesFound found = begun;
            const Cancelled cancelled = [&context] { return context.cancelled(); };
            const Tell tell = [&](const TaskLinesFound& now) {
                context.progress([this, part = std::make_shared<const TaskLinesFound>(now)] { take(part); });
            };
            findBySteps(found, tasks, cancelled, tell);
            findByExamples(found, tasks, cancelled, tell);
            found.complete = true;
            return [this, whole = std::make_shared<const TaskLinesFound>(found)] { take(whole); };
        },
        [this](const QString& message) {
            m_busy = false;
            m_error = message;
            emit changed();
        });
}

void TaskLines::take(const TaskLinesPtr& found) {
    m_found = found;
    if (found->complete) {
        m_busy = false;
        m_known.push_back(found);
        if (m_known.size() > mostKnown) m_known.erase(m_known.begin());
    }
    emit changed();
}

}  // namespace lab
