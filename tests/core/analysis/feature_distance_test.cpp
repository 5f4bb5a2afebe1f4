#include "core/analysis/feature_distance.h"

#include <QtTest>

#include <cmath>
#include <random>
#include <vector>

using namespace lab;

namespace {

using Matrix = std::vector<std::vector<double>>;

/// The twin: another generator, blocks made orthogonal by reflections of a full matrix, everything in double precision and in logarithms,
/// so that nothing is subtracted beforehand.
class Twin {
public:
    explicit Twin(unsigned seed) : m_random(seed) {}

    Matrix normalRows(std::size_t rows, std::size_t columns, double deviation) {
        std::normal_distribution<double> normal(0.0, deviation);
        Matrix x(rows, std::vector<double>(columns));
        for (auto& row : x)
            for (double& value : row) value = normal(m_random);
        return x;
    }

    /// The product of reflections at d normal vectors turns the unit vectors into a random orthonormal basis.
    Matrix drawnRows(std::size_t features, std::size_t d) {
        Matrix rows;
        while (rows.size() < features) {
            Matrix basis(d, std::vector<double>(d, 0.0));
            for (std::size_t i = 0; i < d; ++i) basis[i][i] = 1.0;
            for (const auto& mirror : normalRows(2 * d, d, 1.0))
                for (auto& row : basis) {
                    const double along = dot(row, mirror) / dot(mirror, mirror);
                    for (std::size_t c = 0; c < d; ++c) row[c] -= 2 * along * mirror[c];
                }
            const Matrix lengths = normalRows(d, d, 1.0);
            for (std::size_t i = 0; i < d && rows.size() < features; ++i) {
                for (double& value : basis[i]) value *= std::sqrt(dot(lengths[i], lengths[i]));
                rows.push_back(basis[i]);
            }
        }
        return rows;
    }

    double distance(const Matrix& q, const Matrix& k, std::size_t features, bool causal, int draws) {
        double total = 0.0;
        for (int draw = 0; draw < draws; ++draw) {
            const Matrix w = drawnRows(features, q.front().size());
            for (std::size_t i = 0; i < q.size(); ++i) {
                const std::size_t seen = causal ? i + 1 : k.size();
                std::vector<double> exact, drawn;
                for (std::size_t j = 0; j < seen; ++j) {
                    exact.push_back(std::exp(dot(q[i], k[j]) / std::sqrt(static_cast<double>(q[i].size()))));
                    drawn.push_back(0.0);
                    for (const auto& row : w) drawn.back() += std::exp(exponent(row, q[i]) + exponent(row, k[j]));
                }
                const double ofExact = sum(exact), ofDrawn = sum(drawn);
                for (std::size_t j = 0; j < seen; ++j) total += std::abs(drawn[j] / ofDrawn - exact[j] / ofExact) / 2;
            }
        }
        return total / draws / static_cast<double>(q.size());
    }

private:
    static double dot(const std::vector<double>& a, const std::vector<double>& b) {
        double sum = 0.0;
        for (std::size_t c = 0; c < a.size(); ++c) sum += a[c] * b[c];
        return sum;
    }
    static double sum(const std::vector<double>& x) {
        double total = 0.0;
        for (const double value : x) total += value;
        return total;
    }
    static double exponent(const std::vector<double>& row, const std::vector<double>& x) {
        const double root = std::sqrt(static_cast<double>(x.size()));
        return dot(row, x) / std::sqrt(root) - dot(x, x) / root / 2;
    }

    std::mt19937 m_random;
};

std::vector<float> flat(const Matrix& x) {
    std::vector<float> numbers;
    for (const auto& row : x)
        for (const double value : row) numbers.push_back(static_cast<float>(value));
    return numbers;
}

}  // namespace

class FeatureDistanceTest : public QObject {
    Q_OBJECT

private slots:
    /// The program's draws against as many of the twin's, of the same queries and keys.
    void equalsTheTwin_data() {
        QTest::addColumn<double>("deviation");
        QTest::addColumn<int>("features");
        QTest::addColumn<bool>("causal");
        QTest::newRow("few features") << 0.5 << 16 << false;
        QTest::newRow("64 features") << 0.5 << 64 << false;
        QTest::newRow("64 features, causal") << 0.5 << 64 << true;
        QTest::newRow("sharp attention") << 1.0 << 64 << false;
        QTest::newRow("a block cut short") << 0.5 << 23 << false;
    }
    void equalsTheTwin() {
        QFETCH(double, deviation);
        QFETCH(int, features);
        QFETCH(bool, causal);
        Twin twin(11);
        const Matrix q = twin.normalRows(64, 16, deviation), k = twin.normalRows(64, 16, deviation);
        const double expected = twin.distance(q, k, static_cast<std::size_t>(features), causal, featureDraws);
        const FeatureDistance found = featureDistance(flat(q), flat(k), 16, features, causal);
        QVERIFY2(std::abs(found.mean - expected) < 0.02, qPrintable(QString("%1, twin %2").arg(found.mean).arg(expected)));
        QVERIFY(found.spread > 0.0 && found.spread < 0.1);
    }

    /// More features come nearer, sharp attention stays far: about .14, .08 and .05 for 16, 64 and 256 features of numbers of variance .25.
    void fallsWithTheNumberOfFeatures() {
        Twin twin(3);
        const Matrix q = twin.normalRows(128, 16, 0.5), k = twin.normalRows(128, 16, 0.5);
        const auto at = [&](int features) { return featureDistance(flat(q), flat(k), 16, features, false).mean; };
        const double few = at(16), some = at(64), many = at(256);
        QVERIFY2(few > 0.12 && few < 0.17, qPrintable(QString::number(few)));
        QVERIFY2(some > 0.07 && some < 0.10, qPrintable(QString::number(some)));
        QVERIFY2(many > 0.04 && many < 0.065, qPrintable(QString::number(many)));
    }

    void noDistanceWhereNothingIsAsked() {
        const std::vector<float> zeros(5 * 8, 0.0f);
        QVERIFY(featureDistance(zeros, zeros, 8, 3, false).mean < 1e-6);
    }
};

QTEST_APPLESS_MAIN(FeatureDistanceTest)
#include "feature_distance_test.moc"
