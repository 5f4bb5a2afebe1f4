#include "core/analysis/principal_plane.h"

#include <Eigen/Eigenvalues>
#include <cassert>
#include <cmath>

namespace lab {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<double> listOf(const Eigen::VectorXd& vector) {
    return {vector.data(), vector.data() + vector.size()};
}

/// An eigenvector has no sign of its own.
Eigen::VectorXd withFixedSign(const Eigen::VectorXd& direction) {
    Eigen::Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    return direction[largest] < 0 ? Eigen::VectorXd(-direction) : direction;
}

}  // namespace

PrincipalPlane principalPlane(std::span<const float> values, std::size_t width) {
    assert(width > 0 && values.size() % width == 0);
    const auto columns = static_cast<Eigen::Index>(width), count = static_cast<Eigen::Index>(values.size() / width);
    PrincipalPlane plane{std::vector<double>(width), std::vector<double>(width), std::vector<double>(width), 0, 0, {}, {}};
    if (count == 0) return plane;
    Rows rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(values.data(), count, columns)
                    .cast<double>();
    const Eigen::RowVectorXd mean = rows.colwise().mean();
    rows.rowwise() -= mean;
    plane.mean = listOf(mean.transpose());
    const Eigen::MatrixXd covariance = rows.transpose() * rows / static_cast<double>(count);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
    const double whole = covariance.trace();
    const auto direction = [&](Eigen::Index fromLast) -> Eigen::VectorXd {
        const Eigen::Index at = columns - 1 - fromLast;
        const bool spread = at >= 0 && whole > 0 && solver.eigenvalues()[at] > 1e-12 * whole;
        return spread ? withFixedSign(solver.eigenvectors().col(at)) : Eigen::VectorXd::Zero(columns);
    };
    const Eigen::VectorXd first = direction(0), second = direction(1);
    const Eigen::VectorXd x = rows * first, y = rows * second;
    plane.first = listOf(first);
    plane.second = listOf(second);
    plane.x = listOf(x);
    plane.y = listOf(y);
    if (whole > 0) {
        plane.firstShare = x.squaredNorm() / static_cast<double>(count) / whole;
        plane.secondShare = y.squaredNorm() / static_cast<double>(count) / whole;
    }
    return plane;
}

}  // namespace lab
