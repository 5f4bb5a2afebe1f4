#include "core/analysis/principal_plane.h"

#include <QtTest>
#include <cmath>
#include <random>

using namespace lab;

namespace {

using Vector = std::vector<double>;

/// Two of `width`, by power iteration on the rows themselves: slow, and no eigendecomposition.
std::pair<Vector, Vector> directionsSlowly(const std::vector<float>& values, std::size_t width) {
    const std::size_t count = values.size() / width;
    Vector mean(width);
    for (std::size_t i = 0; i < values.size(); ++i) mean[i % width] += static_cast<double>(values[i]) / static_cast<double>(count);
    const auto along = [&](const Vector& u, std::size_t row) {
        double sum = 0;
        for (std::size_t c = 0; c < width; ++c) sum += u[c] * (static_cast<double>(values[row * width + c]) - mean[c]);
        return sum;
    };
    const auto widest = [&](const Vector* besides) {
        Vector u(width, 1.0);
        for (std::size_t c = 0; c < width; ++c) u[c] += 0.1 * static_cast<double>(c);
        for (int round = 0; round < 3000; ++round) {
            Vector next(width);
            for (std::size_t r = 0; r < count; ++r) {
                const double share = along(u, r);
                for (std::size_t c = 0; c < width; ++c) next[c] += share * (static_cast<double>(values[r * width + c]) - mean[c]);
            }
            if (besides) {
                double dot = 0;
                for (std::size_t c = 0; c < width; ++c) dot += next[c] * (*besides)[c];
                for (std::size_t c = 0; c < width; ++c) next[c] -= dot * (*besides)[c];
            }
            double length = 0;
            for (const double x : next) length += x * x;
            for (std::size_t c = 0; c < width; ++c) u[c] = next[c] / std::sqrt(length);
        }
        return u;
    };
    const Vector first = widest(nullptr);
    return {first, widest(&first)};
}

double dot(const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace

class PrincipalPlaneTest : public QObject {
    Q_OBJECT

private slots:
    void itsDirectionsAreThoseOfThePowerIteration() {
        std::mt19937 random(3);
        for (int trial = 0; trial < 5; ++trial) {
            const std::size_t width = 4 + static_cast<std::size_t>(trial), rows = 60;
            std::vector<float> values(rows * width);
            for (std::size_t i = 0; i < values.size(); ++i)  // channels of different spread, so that the order is clear
                values[i] = static_cast<float>((static_cast<double>(random() % 2001) / 1000 - 1) * std::pow(0.6, double(i % width)) + 2);
            const PrincipalPlane plane = principalPlane(values, width);
            const auto [first, second] = directionsSlowly(values, width);
            QVERIFY(std::abs(std::abs(dot(plane.first, first)) - 1) < 1e-6);
            QVERIFY(std::abs(std::abs(dot(plane.second, second)) - 1) < 1e-6);
            QVERIFY(std::abs(dot(plane.first, plane.second)) < 1e-9);
        }
    }

    void sharesAndPlacesFollowFromTheRows() {
        // Along (3, 4) / 5 with variance 9, across with variance 1, around (10, -2).
        std::vector<float> values;
        for (const double along : {-3.0, 3.0})
            for (const double across : {-1.0, 1.0}) {
                values.push_back(static_cast<float>(10 + along * 0.6 - across * 0.8));
                values.push_back(static_cast<float>(-2 + along * 0.8 + across * 0.6));
            }
        const PrincipalPlane plane = principalPlane(values, 2);
        QVERIFY(std::abs(plane.firstShare - 0.9) < 1e-6 && std::abs(plane.secondShare - 0.1) < 1e-6);
        QVERIFY(std::abs(plane.first[0] - 0.6) < 1e-6 && std::abs(plane.first[1] - 0.8) < 1e-6);
        QVERIFY(std::abs(plane.mean[0] - 10) < 1e-6 && std::abs(plane.mean[1] + 2) < 1e-6);
        QVERIFY(std::abs(plane.x[0] + 3) < 1e-5 && std::abs(std::abs(plane.y[0]) - 1) < 1e-5);
    }

    void whatIsNotSpreadHasNoDirection() {
        const PrincipalPlane same = principalPlane(std::vector<float>{1, 2, 3, 1, 2, 3}, 3);
        QCOMPARE(same.firstShare, 0.0);
        QCOMPARE(same.x, (Vector{0, 0}));
        const PrincipalPlane line = principalPlane(std::vector<float>{0, 0, 1, 0, 2, 0}, 2);
        QVERIFY(std::abs(line.firstShare - 1) < 1e-9);
        QCOMPARE(line.secondShare, 0.0);
        QCOMPARE(line.y, (Vector{0, 0, 0}));
        QVERIFY(principalPlane({}, 3).x.empty());
        const PrincipalPlane narrow = principalPlane(std::vector<float>{1, 3}, 1);
        QVERIFY(std::abs(narrow.x[1] - 1) < 1e-9);
    }
};

QTEST_APPLESS_MAIN(PrincipalPlaneTest)
#include "principal_plane_test.moc"
