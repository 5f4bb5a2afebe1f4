#include "core/incontext/solvers.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/QR>
#include <algorithm>

namespace lab {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

/// The points of a prompt without the query.
struct SolverPoints {
    Eigen::Map<const Matrix> x;
    Eigen::Map<const Vector> y;

    explicit SolverPoints(const FunctionPrompt& prompt)
        : x(prompt.x.data(), prompt.points(), prompt.dimensions), y(prompt.y.data(), prompt.points()) {}
};

std::vector<double> solverList(const Vector& w) {
    return {w.begin(), w.end()};
}

/// Every layer of GD++ turns x, so that a later step acts on the query that came in through all turns before it.
std::vector<std::vector<double>> stepsPlus(const Method& method, const SolverPoints& points) {
    const auto d = points.x.cols();
    const double n = std::max<double>(1, static_cast<double>(points.x.rows()));
    Matrix x = points.x, turned = Matrix::Identity(d, d);
    Vector rest = points.y, w = Vector::Zero(d);
    std::vector<std::vector<double>> course{solverList(w)};
    for (int step = 0; step < method.steps; ++step) {
        const Vector change = method.eta / n * (x.transpose() * rest);
        w += turned.transpose() * change;
        rest -= x * change;
        const Matrix turn = Matrix::Identity(d, d) - method.gamma / n * (x.transpose() * x);
        turned = turn * turned;
        x = x * turn;
        course.push_back(solverList(w));
    }
    return course;
}

std::vector<std::vector<double>> stepsPlain(const Method& method, const SolverPoints& points) {
    const double n = std::max<double>(1, static_cast<double>(points.x.rows()));
    Vector w = Vector::Zero(points.x.cols());
    std::vector<std::vector<double>> course{solverList(w)};
    for (int step = 0; step < method.steps; ++step) {
        w -= method.eta / n * (points.x.transpose() * (points.x * w - points.y));
        course.push_back(solverList(w));
    }
    return course;
}

std::optional<std::vector<double>> squaresOf(const SolverPoints& points) {
    if (points.x.rows() < points.x.cols()) return std::nullopt;
    const Eigen::ColPivHouseholderQR<Matrix> solver(points.x);
    if (solver.rank() < points.x.cols()) return std::nullopt;
    return solverList(solver.solve(points.y));
}

std::optional<std::vector<double>> ridgeOf(const SolverPoints& points, double lambda) {
    if (lambda <= 0) return squaresOf(points);
    const auto d = points.x.cols();
    const Matrix gram = points.x.transpose() * points.x + lambda * Matrix::Identity(d, d);
    return solverList(gram.llt().solve(points.x.transpose() * points.y));
}

}  // namespace

std::optional<std::vector<double>> fittedWeights(const Method& method, const FunctionPrompt& prompt) {
    const SolverPoints points(prompt);
    switch (method.solver) {
        case Solver::ridge:
            return ridgeOf(points, method.lambda);
        case Solver::least_squares:
            return squaresOf(points);
        case Solver::gradient:
        case Solver::gradient_plus:
            break;
    }
    return weightsByStep(method, prompt).back();
}

std::vector<std::vector<double>> weightsByStep(const Method& method, const FunctionPrompt& prompt) {
    const SolverPoints points(prompt);
    return method.solver == Solver::gradient_plus ? stepsPlus(method, points) : stepsPlain(method, points);
}

double fitLoss(const FunctionPrompt& prompt, const std::vector<double>& weights) {
    const SolverPoints points(prompt);
    if (points.x.rows() == 0) return 0;
    const Eigen::Map<const Vector> w(weights.data(), std::ssize(weights));
    return (points.x * w - points.y).squaredNorm() / (2 * static_cast<double>(points.x.rows()));
}

double answerOf(const FunctionPrompt& prompt, const std::vector<double>& weights) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * prompt.query()[i];
    return sum;
}

}  // namespace lab
