#include "core/explain/plane.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace lab::explain {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Largest eigenvector of sum over rows m of m m^T that is orthogonal to `other`, by power iteration from a fixed start.
Vector principal(const std::vector<Vector>& rows, std::size_t dim, const Vector* other) {
    constexpr int rounds = 200;
    Vector u(dim);
    for (std::size_t i = 0; i < dim; ++i) u[i] = std::sin(2.1 * static_cast<double>(i) + 1.0);
    for (int round = 0; round < rounds; ++round) {
        Vector next(dim, 0.0);
        for (const Vector& row : rows) {
            const double along = dot(row, u);
            for (std::size_t i = 0; i < dim; ++i) next[i] += along * row[i];
        }
        if (other) {
            const double along = dot(next, *other);
            for (std::size_t i = 0; i < dim; ++i) next[i] -= along * (*other)[i];
        }
        const double length = std::sqrt(dot(next, next));
        if (length < 1e-12) break;  // no spread is left in any other direction
        for (std::size_t i = 0; i < dim; ++i) u[i] = next[i] / length;
    }
    if (other) {
        const double along = dot(u, *other);
        for (std::size_t i = 0; i < dim; ++i) u[i] -= along * (*other)[i];
    }
    const double length = std::sqrt(dot(u, u));
    for (double& x : u) x = length > 0.0 ? x / length : 0.0;
    return u;
}

Vector axis(std::size_t dim, int component) {
    Vector u(dim, 0.0);
    if (component >= 0 && static_cast<std::size_t>(component) < dim) u[static_cast<std::size_t>(component)] = 1.0;
    return u;
}

/// Whether some weighted row points against the sum of all: then some two of them point against each other. So they do where nothing is
/// left.
bool anyOpposed(const std::vector<double>& weights, const std::vector<Vector>& rows, const Vector& sum) {
    const double whole = std::sqrt(dot(sum, sum));
    bool any = false, opposed = false;
    for (std::size_t j = 0; j < rows.size(); ++j) {
        const double length = std::abs(weights[j]) * std::sqrt(dot(rows[j], rows[j]));
        any = any || length > 0.0;
        opposed = opposed || weights[j] * dot(rows[j], sum) < -1e-9 * length * whole;
    }
    return opposed || (any && whole == 0.0);
}

}  // namespace

PlanePicture planeOf(const std::vector<double>& weights, const std::vector<double>& values, int dim, std::pair<int, int> components,
                     std::size_t arrows) {
    const auto width = static_cast<std::size_t>(dim);
    assert(values.size() == weights.size() * width);
    std::vector<Vector> rows, weighted;
    for (std::size_t j = 0; j < weights.size(); ++j) {
        Vector row(values.begin() + static_cast<std::ptrdiff_t>(j * width), values.begin() + static_cast<std::ptrdiff_t>((j + 1) * width));
        Vector scaled = row;
        // Weighted by the root, so that the spread is that of the mixture.
        for (double& x : scaled) x *= std::sqrt(std::abs(weights[j]));
        rows.push_back(std::move(row));
        weighted.push_back(std::move(scaled));
    }
    // Beside a coordinate: the widest direction that is square to it.
    const bool besideSecond = components.first < 0 && components.second >= 0;
    Vector first = besideSecond           ? axis(width, components.second)
                   : components.first < 0 ? principal(weighted, width, nullptr)
                                          : axis(width, components.first);
    Vector second = besideSecond || components.second < 0 ? principal(weighted, width, &first) : axis(width, components.second);
    if (besideSecond) std::swap(first, second);

    PlanePicture picture;
    double held = 0.0, all = 0.0, lengths = 0.0;
    Vector sum(width, 0.0);
    for (std::size_t j = 0; j < rows.size(); ++j) {
        held += std::pow(dot(weighted[j], first), 2) + std::pow(dot(weighted[j], second), 2);
        all += dot(weighted[j], weighted[j]);
        lengths += std::abs(weights[j]) * std::sqrt(dot(rows[j], rows[j]));
        for (std::size_t i = 0; i < width; ++i) sum[i] += weights[j] * rows[j][i];
    }
    picture.held = all > 0.0 ? std::min(held / all, 1.0) : 1.0;
    picture.shortened = lengths > 0.0 ? std::max(0.0, 1.0 - std::sqrt(dot(sum, sum)) / lengths) : 0.0;
    picture.opposed = anyOpposed(weights, rows, sum);
    picture.sumX = dot(sum, first);
    picture.sumY = dot(sum, second);

    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::abs(weights[a]) > std::abs(weights[b]); });
    PlaneArrow arrow;
    double rest = 0.0;
    for (std::size_t n = 0; n < order.size(); ++n) {
        const std::size_t j = order[n];
        if (n >= arrows) {
            rest += weights[j];
            ++picture.others;
            continue;
        }
        const double x = dot(rows[j], first), y = dot(rows[j], second);
        arrow = {static_cast<int>(j), weights[j], arrow.toX, arrow.toY, arrow.toX + weights[j] * x, arrow.toY + weights[j] * y, x, y};
        picture.arrows.push_back(arrow);
    }
    if (picture.others > 0) picture.arrows.push_back({-1, rest, arrow.toX, arrow.toY, picture.sumX, picture.sumY, 0.0, 0.0});
    return picture;
}

PlanePicture planeOf(const Stage& mix, std::pair<int, int> components) {
    const Grid* weights = mix.find("weights");
    const Grid* values = mix.find("mix");
    assert(weights && values);
    std::vector<double> rows;
    for (int j = 0; j < values->columns; ++j)
        for (int p = 0; p < values->rows; ++p) rows.push_back(values->at(p, j));
    return planeOf(weights->values, rows, values->rows, components);
}

}  // namespace lab::explain
