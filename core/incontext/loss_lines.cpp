#include "core/incontext/loss_lines.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/tasks/function_moments.h"

namespace lab {
namespace {

/// What a method makes of the part of X^T y that lies in a direction of X^T X with eigenvalue `square`: its w there is gain times it.
double gainOf(const Method& method, double square, double points) {
    const double rate = method.eta / points;
    switch (method.solver) {
        case Solver::ridge:
            return 1 / (square + method.lambda);
        case Solver::least_squares:
            return 1 / square;
        case Solver::gradient: {
            double gain = 0, rest = 1;
            for (int step = 0; step < method.steps; ++step) {
                gain += rate * rest;
                rest *= 1 - rate * square;
            }
            return gain;
        }
        case Solver::gradient_plus:
            break;
    }
    // `turned` is what the turns so far made of x in this direction: it enters by the points and by the query.
    double gain = 0, rest = 1, turned = 1;
    for (int step = 0; step < method.steps; ++step) {
        const double now = square * turned * turned;
        gain += rate * rest * turned * turned;
        rest *= 1 - rate * now;
        turned *= 1 - method.gamma / points * now;
    }
    return gain;
}

/// The place of the smallest value of f between low and high, where it has one valley (golden section).
template <class Function>
double lowestBetween(double low, double high, const Function& f) {
    constexpr double golden = 0.6180339887498949, near = 1e-5;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double atLeft = f(left), atRight = f(right);
    while (high - low > near * std::max(std::abs(high), 1e-12)) {
        if (atLeft < atRight) {
            high = right;
            right = left;
            atRight = atLeft;
            atLeft = f(left = high - golden * (high - low));
        } else {
            low = left;
            left = right;
            atLeft = atRight;
            atRight = f(right = low + golden * (high - low));
        }
    }
    return 0.5 * (low + high);
}

/// The place of the lowest value among `places`, which rise, and between its neighbours.
template <class Function>
double lowestAmong(const std::vector<double>& places, const Function& f) {
    std::size_t best = 0;
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < places.size(); ++i)
        if (const double value = f(places[i]); value < lowest) {
            lowest = value;
            best = i;
        }
    return lowestBetween(places[best > 0 ? best - 1 : 0], places[std::min(best + 1, places.size() - 1)], f);
}

std::vector<double> powers(double first, double factor, int count) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i, first *= factor) values.push_back(first);
    return values;
}

}  // namespace

TaskSpectra::TaskSpectra(const FunctionConfig& task, std::uint64_t seed, int tasks, int points, const std::function<bool()>& cancelled)
    : m_directions(task.dimensions), m_points(points > 0 ? std::min(points, task.points) : task.points) {
    if (const auto moments = momentsOf(task)) m_variance = moments->variance;
    using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    constexpr int between = 256;
    for (int i = 0; i < tasks; ++i) {
        if (cancelled && i % between == 0 && cancelled()) {
            m_tasks = 0;
            return;
        }
        const FunctionPrompt prompt = drawPrompt(task, seed, FunctionPart::study, i);
        const Eigen::Map<const Matrix> x(prompt.x.data(), m_points, m_directions);
        const Eigen::Map<const Eigen::VectorXd> y(prompt.y.data(), m_points);
        const bool linear = m_variance > 0;
        const std::span<const double> wanted = linear ? std::span<const double>(prompt.weights) : prompt.query();
        const Eigen::Map<const Eigen::VectorXd> w(wanted.data(), m_directions);
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> directions(x.transpose() * x);
        const Eigen::VectorXd square = directions.eigenvalues().cwiseMax(0),
                              pull = directions.eigenvectors().transpose() * (x.transpose() * y),
                              along = directions.eigenvectors().transpose() * w;
        m_square.insert(m_square.end(), square.begin(), square.end());
        m_pull.insert(m_pull.end(), pull.begin(), pull.end());
        m_wanted.insert(m_wanted.end(), along.begin(), along.end());
        if (!linear) m_truth.push_back(prompt.truth.back());
        m_largest += square.maxCoeff() / tasks;
        ++m_tasks;
    }
}

double TaskSpectra::cost(const Method& method) const {
    const bool linear = m_truth.empty();
    double sum = 0;
    std::size_t at = 0;
    for (std::size_t task = 0; task < static_cast<std::size_t>(m_tasks); ++task) {
        double answer = 0;
        for (int i = 0; i < m_directions; ++i, ++at) {
            const double w = gainOf(method, m_square[at], m_points) * m_pull[at];
            if (linear)
                sum += 0.5 * m_variance * (w - m_wanted[at]) * (w - m_wanted[at]);
            else
                answer += w * m_wanted[at];
        }
        if (!linear) sum += 0.5 * (answer - m_truth[task]) * (answer - m_truth[task]);
    }
    return sum / m_tasks;
}

std::optional<double> TaskSpectra::loss(const Method& method) const {
    const bool exact = method.solver == Solver::least_squares || (method.solver == Solver::ridge && method.lambda <= 0);
    if (isEmpty() || (exact && m_points < m_directions)) return std::nullopt;
    return cost(method);
}

Method TaskSpectra::bestEta(Method method) const {
    const auto costOf = [&](double eta) {
        method.eta = eta;
        return cost(method);
    };
    method.eta = lowestAmong(powers(m_points / m_largest / 16, std::sqrt(2.0), 16), costOf);
    return method;
}

Method TaskSpectra::bestPlus(Method method) const {
    // A grid first: the two go together, and beyond a ridge everything grows without bounds.
    const double unit = m_points / m_largest;
    const std::vector<double> gammas = {0, 0.1 * unit, 0.2 * unit, 0.3 * unit, 0.4 * unit, 0.55 * unit, 0.7 * unit, 0.9 * unit, 1.2 * unit};
    double lowest = std::numeric_limits<double>::infinity();
    Method best = method;
    for (const double gamma : gammas)
        for (const double eta : powers(unit / 2, std::sqrt(2.0), 12)) {
            method.eta = eta;
            method.gamma = gamma;
            if (const double value = cost(method); value < lowest) {
                lowest = value;
                best = method;
            }
        }
    constexpr int rounds = 6;
    constexpr double near = 1.3;
    for (int round = 0; round < rounds; ++round) {
        const auto costOf = [&](double gamma) {
            Method other = best;
            other.gamma = gamma;
            return cost(other);
        };
        const double gamma = lowestBetween(best.gamma / near, std::max(best.gamma * near, 0.1 * unit), costOf);
        if (costOf(gamma) < cost(best)) best.gamma = gamma;
        const auto costOfEta = [&](double eta) {
            Method other = best;
            other.eta = eta;
            return cost(other);
        };
        best.eta = lowestBetween(best.eta / near, best.eta * near, costOfEta);
    }
    return best;
}

Method TaskSpectra::best(Solver solver, int steps) const {
    Method method{solver, steps};
    if (isEmpty()) return method;
    switch (solver) {
        case Solver::gradient:
            return bestEta(method);
        case Solver::gradient_plus:
            return steps > 1 ? bestPlus(method) : bestEta(method);
        case Solver::ridge: {
            const auto costOf = [&](double lambda) {
                method.lambda = lambda;
                return cost(method);
            };
            method.lambda = lowestAmong(powers(m_largest * 1e-7, 10, 10), costOf);
            return method;
        }
        case Solver::least_squares:
            break;
    }
    return method;
}

std::vector<LossPoint> lossBySteps(const FunctionConfig& task, Solver solver, int mostSteps, const LossQuestion& question) {
    const TaskSpectra spectra(task, question.seed, question.tasks, 0, question.cancelled);
    std::vector<LossPoint> line;
    for (int steps = 1; steps <= mostSteps && spectra.tasks() > 0; ++steps) {
        if (question.cancelled && question.cancelled()) break;
        const Method method = spectra.best(solver, steps);
        line.push_back({steps, method, spectra.loss(method)});
    }
    return line;
}

std::vector<LossPoint> lossByExamples(const FunctionConfig& task, Solver solver, int steps, const std::vector<int>& examples,
                                      const LossQuestion& question) {
    FunctionConfig most = task;
    for (const int count : examples) most.points = std::max(most.points, count);
    std::vector<LossPoint> line;
    for (const int count : examples) {
        const TaskSpectra spectra(most, question.seed, question.tasks, count, question.cancelled);
        if (spectra.tasks() == 0) break;
        const Method method = spectra.best(solver, steps);
        line.push_back({count, method, spectra.loss(method)});
    }
    return line;
}

}  // namespace lab
