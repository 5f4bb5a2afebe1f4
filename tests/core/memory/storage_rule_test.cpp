#include "core/memory/storage_rule.h"

#include <Eigen/Eigenvalues>
#include <QtTest>
#include <cmath>

#include "tests/core/memory/memory_testing.h"

using namespace lab;
using namespace lab::memory_testing;

namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix zeros(std::size_t rows, std::size_t columns) {
    return Matrix(rows, std::vector<double>(columns, 0.0));
}

Matrix slowHebb(const std::vector<States>& patterns) {
    const std::size_t units = patterns.front().size();
    Matrix weights = zeros(units, units);
    for (std::size_t i = 0; i < units; ++i)
        for (std::size_t j = 0; j < units; ++j)
            for (const States& x : patterns)
                if (i != j) weights[i][j] += x[i] * x[j] / static_cast<double>(units);
    return weights;
}

/// Every local field h_ij by its own sum, as RESEARCH G.2 has it.
Matrix slowStorkey(const std::vector<States>& patterns) {
    const std::size_t units = patterns.front().size();
    Matrix weights = zeros(units, units);
    for (const States& x : patterns) {
        const auto h = [&](std::size_t i, std::size_t j) {
            double sum = 0;
            for (std::size_t k = 0; k < units; ++k)
                if (k != i && k != j) sum += weights[i][k] * x[k];
            return sum;
        };
        Matrix next = weights;
        for (std::size_t i = 0; i < units; ++i)
            for (std::size_t j = 0; j < units; ++j)
                if (i != j) next[i][j] += (x[i] * x[j] - x[i] * h(j, i) - h(i, j) * x[j]) / static_cast<double>(units);
        weights = next;
    }
    return weights;
}

/// The projection onto the patterns by Gram and Schmidt, which needs no inverse; dependent patterns add nothing.
Matrix slowProjection(const std::vector<States>& patterns) {
    const std::size_t units = patterns.front().size();
    Matrix basis, weights = zeros(units, units);
    for (const States& x : patterns) {
        std::vector<double> rest(x.begin(), x.end());
        for (int again = 0; again < 2; ++again)
            for (const auto& direction : basis) {
                double part = 0;
                for (std::size_t i = 0; i < units; ++i) part += direction[i] * rest[i];
                for (std::size_t i = 0; i < units; ++i) rest[i] -= part * direction[i];
            }
        double length = 0;
        for (const double value : rest) length += value * value;
        if (length < 1e-9) continue;
        for (double& value : rest) value /= std::sqrt(length);
        basis.push_back(rest);
    }
    for (const auto& direction : basis)
        for (std::size_t i = 0; i < units; ++i)
            for (std::size_t j = 0; j < units; ++j) weights[i][j] += direction[i] * direction[j];
    return weights;
}

Matrix slowWeights(std::string_view rule, const std::vector<States>& patterns) {
    if (rule == "hebb") return slowHebb(patterns);
    if (rule == "storkey") return slowStorkey(patterns);
    Matrix weights = slowProjection(patterns);
    if (rule == "pseudo-inverse-zero-diagonal")
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i][i] = 0;
    return weights;
}

std::vector<States> statesOf(const std::vector<Pattern>& patterns) {
    std::vector<States> states;
    for (const Pattern& pattern : patterns) states.push_back(pattern.states);
    return states;
}

double largestDifference(const MemoryMatrix& weights, const Matrix& twin) {
    double largest = 0;
    for (Eigen::Index i = 0; i < weights.rows(); ++i)
        for (Eigen::Index j = 0; j < weights.cols(); ++j)
            largest = std::max(largest, std::abs(weights(i, j) - twin[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]));
    return largest;
}

}  // namespace

class StorageRuleTest : public QObject {
    Q_OBJECT

private slots:
    void everyRuleIsInTheTable() {
        QStringList names;
        for (const StorageRule* rule : storageRules()) {
            names << QString::fromUtf8(rule->name.data(), static_cast<qsizetype>(rule->name.size()));
            QCOMPARE(&storageRule(rule->name), rule);
            QVERIFY(!rule->formula.empty() && !rule->source.empty() && !rule->help.empty() && !rule->shareHelp.empty());
        }
        QCOMPARE(names, QStringList({"hebb", "storkey", "pseudo-inverse", "pseudo-inverse-zero-diagonal"}));
        QVERIFY(errorOf([] { storageRule("oja"); }).contains("there is no storage rule 'oja'; use hebb, storkey"));
    }

    void weightsAreThoseOfTheTwin_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("patterns");
        QTest::addColumn<double>("correlation");
        for (const StorageRule* rule : storageRules())
            for (const int patterns : {1, 2, 5, 11, 16})
                for (const double correlation : {0.0, 0.4}) {
                    const QString name = QString::fromUtf8(rule->name.data(), static_cast<qsizetype>(rule->name.size()));
                    QTest::addRow("%s %d %g", qPrintable(name), patterns, correlation) << name << patterns << correlation;
                }
    }

    void weightsAreThoseOfTheTwin() {
        QFETCH(QString, rule);
        QFETCH(int, patterns);
        QFETCH(double, correlation);
        const auto states = statesOf(randomPatterns(patterns, 1, 19, correlation, 7));
        const StorageRule& row = storageRule(rule.toStdString());
        const StoredPatterns stored = storedPatterns(row, states);
        QVERIFY(largestDifference(stored.weights, slowWeights(row.name, states)) < 1e-9);
        QVERIFY((stored.weights - stored.weights.transpose()).cwiseAbs().maxCoeff() < 1e-12);
        QVERIFY(row.diagonal || stored.weights.diagonal().cwiseAbs().maxCoeff() == 0);
    }

    void dependentPatternsAreStoredOnce() {
        std::vector<Pattern> patterns = randomPatterns(6, 1, 25, 0, 3);
        patterns.push_back(patterns[2]);
        patterns.push_back(inverted(patterns[4]));
        const auto states = statesOf(patterns);
        for (const char* rule : {"pseudo-inverse", "pseudo-inverse-zero-diagonal"})
            QVERIFY(largestDifference(storedPatterns(storageRule(rule), states).weights, slowWeights(rule, states)) < 1e-9);
    }

    void morePatternsThanUnitsMakeTheIdentity() {
        const auto states = statesOf(randomPatterns(40, 1, 12, 0, 5));
        const StoredPatterns stored = storedPatterns(storageRule("pseudo-inverse"), states);
        QVERIFY((stored.weights - MemoryMatrix::Identity(12, 12)).cwiseAbs().maxCoeff() < 1e-9);
    }

    /// 12 units of which the second half repeats the first: 300 patterns span 6 dimensions, and the overlaps of the units are singular.
    void manyDependentPatternsAreProjectedOnto() {
        std::vector<States> states = statesOf(randomPatterns(300, 1, 12, 0, 5));
        for (States& x : states) std::copy_n(x.begin(), 6, x.begin() + 6);
        for (const char* name : {"pseudo-inverse", "pseudo-inverse-zero-diagonal"}) {
            const StorageRule& rule = storageRule(name);
            const StoredPatterns stored = storedPatterns(rule, states);
            QVERIFY(largestDifference(stored.weights, slowWeights(name, states)) < 1e-9);
            QCOMPARE(stored.memo.rows(), Eigen::Index(300));
            for (int i = 0; i < 12; ++i)
                QVERIFY((rule.sharesOfRow(stored, i).colwise().sum() - stored.weights.row(i)).cwiseAbs().maxCoeff() < 1e-12);
        }
    }

    void onlyTheProjectionHasNoEigenvalueBelowZero() {
        for (const StorageRule* rule : storageRules()) {
            double least = 0;
            for (const int patterns : {1, 4, 15, 30})
                for (const double correlation : {0.0, 0.5}) {
                    const StoredPatterns stored = storedPatterns(*rule, statesOf(randomPatterns(patterns, 1, 16, correlation, 19)));
                    const Eigen::MatrixXd weights = stored.weights;
                    least = std::min(least, Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(weights).eigenvalues().minCoeff());
                }
            QCOMPARE(least > -1e-9, rule->semidefinite);
            QCOMPARE(rule->semidefinite, rule->name == "pseudo-inverse");
        }
    }

    void sharesAddUpToTheWeights() {
        for (const StorageRule* rule : storageRules()) {
            const auto states = statesOf(randomPatterns(9, 1, 23, 0.2, 11));
            const StoredPatterns stored = storedPatterns(*rule, states);
            for (int i = 0; i < 23; ++i) {
                const MemoryMatrix shares = rule->sharesOfRow(stored, i);
                QCOMPARE(shares.rows(), Eigen::Index(9));
                QVERIFY((shares.colwise().sum() - stored.weights.row(i)).cwiseAbs().maxCoeff() < 1e-12);
            }
        }
    }

    /// The share of the last pattern is what the weights without it lack.
    void aShareOfStorkeyIsWhatStoringAdded() {
        const auto states = statesOf(randomPatterns(7, 1, 21, 0, 13));
        const StorageRule& rule = storageRule("storkey");
        for (std::size_t count = 2; count <= states.size(); ++count) {
            const StoredPatterns with = storedPatterns(rule, std::span(states).first(count)),
                                 without = storedPatterns(rule, std::span(states).first(count - 1));
            for (int i = 0; i < 21; ++i) {
                const MemoryMatrix shares = rule.sharesOfRow(with, i);
                const Eigen::RowVectorXd added = with.weights.row(i) - without.weights.row(i);
                QVERIFY((shares.row(static_cast<Eigen::Index>(count) - 1) - added).cwiseAbs().maxCoeff() < 1e-12);
            }
        }
    }

    void thePseudoInverseKeepsEveryPattern() {
        const auto patterns = randomPatterns(60, 1, 64, 0.5, 17);
        const StoredPatterns stored = storedPatterns(storageRule("pseudo-inverse"), statesOf(patterns));
        QVERIFY((stored.patterns * stored.weights - stored.patterns).cwiseAbs().maxCoeff() < 1e-8);
    }
};

QTEST_APPLESS_MAIN(StorageRuleTest)
#include "storage_rule_test.moc"
