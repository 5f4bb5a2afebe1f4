#pragma once

#include <QObject>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/incontext/loss_lines.h"
#include "ui/runs/latest_task.h"

namespace lab {

/// What gradient descent and least squares come to on the tasks that a model is trained on, the best constants of each found by search:
/// by steps, and by the number of examples.
struct TaskLinesFound {
    struct ByExamples {
        std::vector<LossPoint> oneStep, steps, ridge, leastSquares;
    };
    FunctionConfig task;
    int steps = 0;                          ///< of `byExamples.steps`
    std::vector<LossPoint> gradient, plus;  ///< of 1 .. mostSteps steps
    LossPoint ridge, leastSquares;
    ByExamples byExamples;
    bool complete = false;

    /// The best of so many steps; nothing before it is known.
    std::optional<Method> method(Solver solver, int ofSteps = 1) const;
};
using TaskLinesPtr = std::shared_ptr<const TaskLinesFound>;

/// Numbers of examples at which curves have points: 1 .. 4 times as many as the task has.
std::vector<int> exampleCounts(const FunctionConfig& task);

/// Finds them beside the window, steps first. A pure function of the task: what was found stays for the tasks looked at last.
class TaskLines : public QObject {
    Q_OBJECT

public:
    static constexpr int mostSteps = 6;

    explicit TaskLines(QObject* parent = nullptr) : QObject(parent) {}

    /// `steps`: 1 .. mostSteps, of the curve by examples that has several.
    void look(const FunctionConfig& task, int steps);
    /// Of the task looked at; null before the first of it. Grows until it is complete.
    TaskLinesPtr found() const { return m_found; }
    bool settled() const { return !m_busy; }
    QString error() const { return m_error; }
    /// How many tasks are drawn; for tests.
    void setTasks(int tasks) { m_tasks = tasks; }

signals:
    void changed();

private:
    void take(const TaskLinesPtr& found);

    std::vector<TaskLinesPtr> m_known;  ///< complete; the newest last
    TaskLinesPtr m_found;
    FunctionConfig m_task;
    int m_steps = 0;
    int m_tasks = 10'000;
    bool m_busy = false;
    QString m_error;
    LatestTask m_work{Worker::Priority::givesWay};  ///< ends first
};

}  // namespace lab
