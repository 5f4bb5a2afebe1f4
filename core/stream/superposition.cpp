#include "core/stream/superposition.h"

#include <cmath>
#include <limits>

#include "core/base/errors.h"
#include "core/base/random.h"

namespace lab {
namespace {

constexpr int mostFeatures = 64;
constexpr double firstDecay = 0.9, secondDecay = 0.999, epsilon = 1e-8;
enum Stream : std::uint64_t { trainingStream = 1, validationStream = 2, weightStream = 3 };

/// Adam (Kingma and Ba 2015, algorithm 1).
template <class Values>
void adam(Values& values, Values& first, Values& second, const Values& gradient, int step) {
    first = firstDecay * first + (1 - firstDecay) * gradient;
    second = secondDecay * second + (1 - secondDecay) * gradient.cwiseAbs2();
    const double rate = Superposition::learningRate / (1 - std::pow(firstDecay, step)), scale = 1 / (1 - std::pow(secondDecay, step));
    values.array() -= rate * first.array() / ((scale * second.array()).sqrt() + epsilon);
}

}  // namespace

void SuperpositionConfig::validate() const {
    if (features < 1 || features > mostFeatures)
        throw InputError("features", Message(LAB_TEXT("stream", "%1 is not from 1 to %2")).arg(features).arg(mostFeatures));
    if (dimensions < 1 || dimensions > features)
        throw InputError("dimensions",
                         Message(LAB_TEXT("stream", "%1 is not from 1 to the number of features, %2")).arg(dimensions).arg(features));
    if (!(sparsity >= 0 && sparsity < 1))
        throw InputError("sparsity", Message(LAB_TEXT("stream", "%1 is no share from 0 to below 1")).arg(sparsity));
    if (!(importance > 0 && importance <= 1))
        throw InputError("importance", Message(LAB_TEXT("stream", "%1 is not above 0 and at most 1")).arg(importance));
}

Superposition::Superposition(const SuperpositionConfig& config) : m_config(config), m_loss(std::numeric_limits<double>::quiet_NaN()) {
    config.validate();
    const int n = config.features, m = config.dimensions;
    const RandomStream random(config.seed, weightStream);
    m_w.resize(m, n);
    for (std::ptrdiff_t i = 0; i < m_w.size(); ++i)
        m_w.data()[i] = random.normal(static_cast<std::uint64_t>(i)) / std::sqrt(static_cast<double>(m));
    m_firstW = m_secondW = Eigen::MatrixXd::Zero(m, n);
    m_b = m_firstB = m_secondB = Eigen::VectorXd::Zero(n);
    m_importance.resize(n);
    for (int i = 0; i < n; ++i) m_importance(i) = std::pow(config.importance, i);
}

/// Vectors of features [n, batch].
Eigen::MatrixXd Superposition::drawn(std::uint64_t stream, int step) const {
    const RandomStream random(m_config.seed, stream);
    Eigen::MatrixXd x(m_config.features, batch);
    const std::uint64_t first = static_cast<std::uint64_t>(step) * 2 * static_cast<std::uint64_t>(x.size());
    for (std::ptrdiff_t i = 0; i < x.size(); ++i) {
        const std::uint64_t at = first + 2 * static_cast<std::uint64_t>(i);
        x.data()[i] = random.uniform(at) < m_config.sparsity ? 0.0 : random.uniform(at + 1);
    }
    return x;
}

/// x' - x; `before`: W^T W x + b, which the relu reads.
Eigen::MatrixXd Superposition::errorOf(const Eigen::MatrixXd& x, Eigen::MatrixXd& before) const {
    before = (m_w.transpose() * (m_w * x)).colwise() + m_b;
    return before.cwiseMax(0.0) - x;
}

void Superposition::train(int steps) {
    for (int i = 0; i < steps; ++i) {
        const Eigen::MatrixXd x = drawn(trainingStream, m_step);
        Eigen::MatrixXd before;
        const Eigen::MatrixXd error = errorOf(x, before), weighted = m_importance.asDiagonal() * error;
        m_loss = weighted.cwiseProduct(error).sum() / batch;
        // d loss / d before, where the relu lets it through; then both places of W in W^T (W x).
        const Eigen::MatrixXd slope = (before.array() > 0).select(2.0 / batch * weighted, 0.0);
        const Eigen::MatrixXd gradient = (m_w * x) * slope.transpose() + (m_w * slope) * x.transpose();
        const Eigen::VectorXd ofBias = slope.rowwise().sum();
        ++m_step;
        adam(m_w, m_firstW, m_secondW, gradient, m_step);
        adam(m_b, m_firstB, m_secondB, ofBias, m_step);
    }
}

double Superposition::validationLoss() const {
    Eigen::MatrixXd before;
    const Eigen::MatrixXd error = errorOf(drawn(validationStream, 0), before);
    return (m_importance.asDiagonal() * error).cwiseProduct(error).sum() / batch;
}

std::vector<double> Superposition::norms() const {
    const Eigen::VectorXd all = m_w.colwise().norm();
    return {all.begin(), all.end()};
}

std::vector<double> Superposition::interference() const {
    const Eigen::MatrixXd products = returned();
    std::vector<double> result;
    for (int i = 0; i < m_config.features; ++i) {
        const double square = products(i, i);
        result.push_back(square > 0 ? (products.row(i).squaredNorm() - square * square) / square : 0.0);
    }
    return result;
}

std::vector<double> Superposition::dimensionality() const {
    const Eigen::MatrixXd products = returned();
    std::vector<double> result;
    for (int i = 0; i < m_config.features; ++i) {
        const double square = products(i, i), all = products.row(i).squaredNorm();
        result.push_back(all > 0 ? square * square / all : 0.0);
    }
    return result;
}

}  // namespace lab
