#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/incontext/solvers.h"

namespace lab {

/// Many tasks, each as its points see it: in the directions of X^T X every solver is a number a direction. A step, its length and what it
/// costs are then a few operations a task. All in double.
class TaskSpectra {
public:
    /// The first `points` points (0: all) of `tasks` prompts of FunctionPart::study. Empty when cancelled.
    TaskSpectra(const FunctionConfig& task, std::uint64_t seed, int tasks, int points = 0, const std::function<bool()>& cancelled = {});

    int tasks() const { return m_tasks; }
    /// The mean loss; of linear functions over all queries (their distribution's second moment), else at the query drawn. Nothing where
    /// the method is undefined (least squares below d points).
    std::optional<double> loss(const Method& method) const;
    /// The best constant numbers of a solver: eta, of GD++ also gamma, of ridge lambda; found by search over these tasks.
    Method best(Solver solver, int steps = 1) const;

private:
    double cost(const Method& method) const;
    Method bestEta(Method method) const;
    Method bestPlus(Method method) const;
    bool isEmpty() const { return m_tasks == 0; }

    int m_tasks = 0;
    int m_directions = 0;
    int m_points = 0;
    double m_largest = 0;          ///< the mean of the largest eigenvalue: what steps may be long by
    double m_variance = 0;         ///< of linear functions that of x, else 0
    std::vector<double> m_square;  ///< [tasks, d] eigenvalues of X^T X
    std::vector<double> m_pull;    ///< [tasks, d] X^T y
    std::vector<double> m_wanted;  ///< [tasks, d] w; else the query
    std::vector<double> m_truth;   ///< [tasks] of functions that are not linear
};

/// A point of a line of losses and the method that stands there.
struct LossPoint {
    int at = 0;  ///< examples or steps
    Method method;
    std::optional<double> loss;  ///< nothing: undefined here
};

struct LossQuestion {
    int tasks = 10'000;
    std::uint64_t seed = 1;
    std::function<bool()> cancelled = {};
};

/// The best of a solver for each number of steps 1 .. most, on the same tasks. Less when cancelled.
std::vector<LossPoint> lossBySteps(const FunctionConfig& task, Solver solver, int mostSteps, const LossQuestion& question = {});
/// The best of a solver (with `steps` steps) for each number of examples, which the task need not have.
std::vector<LossPoint> lossByExamples(const FunctionConfig& task, Solver solver, int steps, const std::vector<int>& examples,
                                      const LossQuestion& question = {});

}  // namespace lab
