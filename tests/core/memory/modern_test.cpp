#include "core/memory/modern.h"

#include <QtTest>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/memory/icons.h"
#include "core/memory/modern_look.h"
#include "core/memory/pattern_vectors.h"
#include "tests/core/memory/retrieval_table.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> randomState(std::uint64_t seed, int d, double length = 1) {
    std::vector<double> state;
    for (int c = 0; c < d; ++c) state.push_back(length * RandomStream(seed, "state").normal(static_cast<std::uint64_t>(c)));
    return state;
}

/// The definitions letter by letter, without any care for overflow.
struct Twin {
    StoredVectors x;
    double beta;
    std::vector<double> bias;

    double dot(int i, const std::vector<double>& s) const {
        double sum = 0;
        for (int c = 0; c < x.dimension; ++c)
            sum += x.values[static_cast<std::size_t>(i * x.dimension + c)] * s[static_cast<std::size_t>(c)];
        return sum;
    }
    double term(int i, const std::vector<double>& s) const {
        return std::exp(beta * dot(i, s) + (bias.empty() ? 0.0 : bias[static_cast<std::size_t>(i)]));
    }
    double sum(const std::vector<double>& s) const {
        double total = 0;
        for (int i = 0; i < x.count; ++i) total += term(i, s);
        return total;
    }
    double energy(const std::vector<double>& s) const {
        double squares = 0, longest = 0, stored = 0;
        for (const double v : s) squares += v * v;
        for (int i = 0; i < x.count; ++i) {
            if (!bias.empty() && bias[static_cast<std::size_t>(i)] == -infinity) continue;
            longest = std::max(longest, dot(i, {x.row(i), x.row(i) + x.dimension}));
            ++stored;
        }
        return -std::log(sum(s)) / beta + 0.5 * squares + std::log(stored) / beta + 0.5 * longest;
    }
    std::vector<double> update(const std::vector<double>& s) const {
        std::vector<double> next(s.size());
        for (int i = 0; i < x.count; ++i)
            for (std::size_t c = 0; c < s.size(); ++c) next[c] += term(i, s) / sum(s) * x.row(i)[c];
        return next;
    }
};

StoredVectors rows(std::vector<std::vector<double>> vectors) {
    StoredVectors stored{static_cast<int>(vectors.size()), static_cast<int>(vectors.front().size()), {}};
    for (const auto& v : vectors) stored.values.insert(stored.values.end(), v.begin(), v.end());
    return stored;
}

}  // namespace

class ModernTest : public QObject {
    Q_OBJECT

private slots:
    void itIsItsDefinition() {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const int count = 1 + static_cast<int>(seed % 7), d = 1 + static_cast<int>(seed % 5);
            std::vector<double> bias;
            if (seed % 3 == 1) bias = randomState(seed + 100, count);
            if (seed % 3 == 2 && count > 1) {
                bias.assign(static_cast<std::size_t>(count), 0.0);
                bias.back() = -infinity;
            }
            const Twin twin{randomVectors(seed, count, d), 0.1 * static_cast<double>(1 + seed), bias};
            const ModernNet net(twin.x, twin.beta, bias);
            const std::vector<double> state = randomState(seed, d);
            QVERIFY(std::abs(net.energy(state) - twin.energy(state)) < 1e-9);
            QVERIFY(distanceOf(net.update(state), twin.update(state)) < 1e-12);
            for (int i = 0; i < count; ++i) {
                QVERIFY(std::abs(net.dots(state)[static_cast<std::size_t>(i)] - twin.dot(i, state)) < 1e-12);
                QVERIFY(std::abs(net.weights(state)[static_cast<std::size_t>(i)] - twin.term(i, state) / twin.sum(state)) < 1e-12);
            }
        }
    }

    void numbersByHand() {
        const ModernNet net(rows({{1, 0}, {0, 1}}), std::log(3.0));
        const std::vector<double> w = net.weights({1, 0});
        QVERIFY(std::abs(w[0] - 0.75) < 1e-15 && std::abs(w[1] - 0.25) < 1e-15);
        // -ln(3 + 1)/ln 3 + 1/2 + ln 2/ln 3 + 1/2
        QVERIFY(std::abs(net.energy({1, 0}) - (1 - std::log(2.0) / std::log(3.0))) < 1e-15);
        QCOMPARE(net.separation(0), 1.0);
        QCOMPARE(net.radius(), 1.0);
        QCOMPARE(ModernNet(rows({{2, 0}}), 1).separation(0), infinity);
    }

    void energyNeverRisesAndIsNotNegative() {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const int count = 2 + static_cast<int>(seed % 9), d = 2 + static_cast<int>(seed % 6);
            const ModernNet net(randomVectors(seed, count, d), std::pow(10.0, -2.0 + static_cast<double>(seed % 40) / 10));
            const Settling way = net.settle(randomState(seed, d, 3));
            QCOMPARE(way.states.size(), static_cast<std::size_t>(way.updates) + 1);
            QCOMPARE(way.energies.size(), way.states.size());
            for (std::size_t i = 0; i < way.energies.size(); ++i) {
                QVERIFY(way.energies[i] > -1e-9);
                if (i) QVERIFY2(way.energies[i] <= way.energies[i - 1] + 1e-9, qPrintable(QString::number(seed)));
            }
            if (way.settled) QVERIFY(distanceOf(net.update(way.end()), way.end()) <= 1e-6 * net.radius());
        }
    }

    /// With a negative beta the state runs from what it is like: the energy may rise, so nothing may be promised.
    void negativeBetaMayRaiseTheEnergyOfItsMagnitude() {
        const ModernNet net(rows({{2, 0}, {-1, 1.7}, {-1, -1.7}}), -2.0);
        const ModernNet positive = net.withBeta(2.0);
        const std::vector<double> state = positive.settle({2, 0}).end();
        QVERIFY(positive.energy(net.update(state)) > positive.energy(state));
        QVERIFY(!net.isPlain() && positive.isPlain() && !ModernNet(randomVectors(1, 2, 2), 1, {0, 1}).isPlain());
        QVERIFY(std::isnan(net.withBeta(0).energy(state)));
    }

    void largeNumbersDoNotOverflow() {
        const ModernNet net(vectorsOf(iconPatterns()), 1e4);
        const std::vector<double> state = vectorOf(iconPatterns().front());
        QCOMPARE(net.weights(state)[0], 1.0);
        QVERIFY(std::isfinite(net.energy(state)));
    }

    void theRegimeIsTheFixedPoints() {
        const StoredVectors two = rows({{4, 0.5, 0}, {4, -0.5, 0}, {-4, 0, 0.5}, {-4, 0, -0.5}});
        const auto named = [&two](double beta, const std::vector<double>& query) {
            const ModernNet net(two, beta);
            return net.nameOf(net.settle(query, 1e-9, 20000).end());
        };
        const std::vector<double> query{3, 0.4, 0};
        QCOMPARE(named(0.01, query).regime, Regime::mean);
        QCOMPARE(named(0.01, query).patterns, (std::vector<int>{0, 1, 2, 3}));
        QCOMPARE(named(1, query).regime, Regime::metastable);
        QCOMPARE(named(1, query).patterns, (std::vector<int>{0, 1}));
        QCOMPARE(named(20, query).regime, Regime::one);
        QCOMPARE(named(20, query).patterns, std::vector<int>{0});
        QVERIFY(std::abs(named(1, query).effective - 2) < 0.01);
        // The same beta, another query, another regime: it is no function of beta. Patterns 0 and 1 apart, 2 and 3 close together.
        const ModernNet net(rows({{5, 5}, {5, -5}, {-5, 0.2}, {-5, -0.2}}), 0.3);
        QCOMPARE(net.nameOf(net.settle({4, 4}).end()).regime, Regime::one);
        QCOMPARE(net.nameOf(net.settle({-4, 0}).end()).regime, Regime::metastable);
    }

    void manyEqualSharesAreNamedTogether() {
        std::vector<std::vector<double>> vectors;
        for (int i = 0; i < 40; ++i) vectors.push_back({i < 20 ? 3.0 : -3.0, 0.0});
        const ModernNet net(rows(vectors), 1);
        const FixedPointName name = net.nameOf(net.settle({2, 0}).end());
        QCOMPARE(name.regime, Regime::metastable);
        QCOMPARE(static_cast<int>(name.patterns.size()), 20);
        QCOMPARE(QString::fromStdString(regimeText(name, {}, 40).english()),
                 QString("metastable, a mean of 20 of 40 patterns: 0, 1, 2, 3, 4, 5, …"));
        QCOMPARE(QString::fromStdString(regimeText({Regime::one, {1}, 1}, {"skull", "apple"}, 2).english()), QString("one pattern: apple"));
    }

    void aSinglePatternIsFoundAtOnce() {
        const ModernNet net(rows({{1, 2}}), 1);
        const Settling way = net.settle({9, 9});
        QCOMPARE(way.updates, 1);
        QVERIFY(way.settled);
        QCOMPARE(net.nameOf(way.end()).regime, Regime::one);
        QCOMPARE(net.errorAfterOne({9, 9}, 0).bound, 0.0);
        QCOMPARE(net.errorAfterOne({9, 9}, 0).error, 0.0);
    }

    void theTheoremsBoundHolds() {
        bool told = false;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            const int d = 4 + static_cast<int>(seed % 30), count = 2 + static_cast<int>(seed % 20);
            const ModernNet net(randomVectors(seed, count, d), 0.05 * static_cast<double>(1 + seed % 80));
            std::vector<double> query(net.patterns().row(0), net.patterns().row(0) + d);
            for (int c = 0; c < d; ++c)
                query[static_cast<std::size_t>(c)] += 0.1 * RandomStream(seed, "off").normal(static_cast<std::uint64_t>(c));
            const RetrievalError error = net.errorAfterOne(query, 0);
            QVERIFY(error.error <= error.bound + 1e-12);
            QVERIFY(error.error <= 2 * error.radius + 1e-12);
            told |= error.bound < 0.01 && error.separation > 0;
        }
        QVERIFY(told);  // and not only where it says nothing
    }

    void curvesAreTheWeightsOfEachBeta() {
        const ModernNet net(randomVectors(1, 5, 8), 1);
        const std::vector<double> query = randomState(2, 8);
        const std::vector<double> betas = logScale(0.001, 100, 6);
        QCOMPARE(betas.front(), 0.001);
        QVERIFY(std::abs(betas.back() - 100) < 1e-9 && std::abs(betas[1] - 0.01) < 1e-12);
        const BetaCurve curve = betaCurve(net, query, betas);
        for (std::size_t k = 0; k < betas.size(); ++k)
            for (std::size_t i = 0; i < 5; ++i) QCOMPARE(curve.weights[i][k], net.withBeta(betas[k]).weights(query)[i]);
        QCOMPARE(withOwn({1, 3}, 2), (std::vector<double>{1, 2, 3}));
        QCOMPARE(withOwn({1, 3}, 3), (std::vector<double>{1, 3}));
        QCOMPARE(withOwn({1, 3}, 4), (std::vector<double>{1, 3, 4}));
        QVERIFY(curve.effective.front() > 4.99 && curve.effective.back() < 1.01);
        QVERIFY(std::ranges::is_sorted(curve.effective, std::ranges::greater()));
    }

    void workStopsWhenAsked() {
        const ModernNet net(randomVectors(1, 5, 8), 1);
        const std::vector<double> query = randomState(2, 8), betas = logScale(0.001, 100, 6);
        int asked = 0;
        const auto afterTwo = [&asked] { return ++asked > 2; };
        const BetaCurve curve = betaCurve(net, query, betas, afterTwo);
        QCOMPARE(curve.betas, std::vector<double>(betas.begin(), betas.begin() + 2));
        QCOMPARE(curve.effective.size(), std::size_t{2});
        for (const std::vector<double>& weights : curve.weights) QCOMPARE(weights.size(), std::size_t{2});
        asked = 0;
        const Settling way = net.settle(query, 1e-12, 100, afterTwo);
        QCOMPARE(way.updates, 2);
        QVERIFY(!way.settled && way.states.size() == 3 && way.energies.size() == 3);
        const ModernLook look = lookAt(questionOf(RandomMemory{7, 33, 4}, 3, 0.4, 0.5), [] { return true; });
        QVERIFY(look.errors.empty() && look.samples.empty() && look.curve.betas.empty());
        QCOMPARE(look.way.updates, 0);
        QCOMPARE(look.weights.size(), std::size_t{7});
    }

    void targetsThatAreNotThereAreNoPattern() {
        const std::vector<Pattern> two(iconPatterns().begin(), iconPatterns().begin() + 2);
        for (const int target : {-5, -1, 2, 100}) {
            const ModernQuestion question = questionOf(two, target, two[0], 0.1, 1, 0.5);
            QCOMPARE(question.target, -1);
            QVERIFY(question.signs.empty());
            QCOMPARE(lookAt(question).moments.front().wrong, 0);
        }
        QCOMPARE(questionOf(RandomMemory{7, 33, 4}, 7, 0.4, 0.5).target, 6);
        QCOMPARE(questionOf(RandomMemory{7, 33, 4}, -1, 0.4, 0.5).target, 0);
    }

    void icons() {
        const std::vector<Pattern> four(iconPatterns().begin(), iconPatterns().begin() + 4);
        const ModernNet net(vectorsOf(four), attentionBeta(256));
        QCOMPARE(net.beta(), 1.0 / 16);
        const Pattern query = withNoise(four[0], 0.3, 9);
        QVERIFY(differing(query.states, four[0].states) > 70);
        QCOMPARE(signsOf(net.update(vectorOf(query)), query).states, four[0].states);
        QCOMPARE(net.nameOf(net.settle(vectorOf(query)).end()).regime, Regime::one);
        QCOMPARE(vectorsOf({}).count, 0);
    }

    void aLookIsTheNetAsked() {
        const std::vector<Pattern> four(iconPatterns().begin(), iconPatterns().begin() + 4);
        const Pattern query = withNoise(four[2], 0.3, 5);
        const ModernLook look = lookAt(questionOf(four, 2, query, 0.3, 5, attentionBeta(256)));
        const ModernNet net(vectorsOf(four), attentionBeta(256));
        QCOMPARE(look.weights, net.weights(vectorOf(query)));
        QCOMPARE(look.mixture, net.update(vectorOf(query)));
        QCOMPARE(look.byWeight.front(), 2);
        QCOMPARE(look.moments.front().updates, 0);
        QCOMPARE(look.moments.front().wrong, differing(query.states, four[2].states));
        QCOMPARE(look.moments.back().updates, look.way.updates);
        QCOMPARE(look.moments.back().wrong, 0);
        QCOMPARE(look.moments.back().nearest, 2);
        QCOMPARE(look.errors.size(), std::size_t{4});
        QCOMPARE(look.errors[2].distance, 2 * std::sqrt(static_cast<double>(look.moments.front().wrong)));
        QCOMPARE(look.samples.size(), std::size_t{3});
        QCOMPARE(look.samples.back().mixture, look.mixture);
        QVERIFY(!look.energyRose);
    }

    void randomQueriesLieAsFarAsTold() {
        const RandomMemory memory{7, 33, 4};
        const ModernQuestion question = questionOf(memory, 3, 0.4, 0.5);
        const double* x = question.patterns.row(3);
        const double length = distanceOf({x, x + 33}, std::vector<double>(33));
        QVERIFY(std::abs(distanceOf(question.query, {x, x + 33}) - 0.4 * length) < 1e-9);
        QCOMPARE(question.query, question.noisy[3]);
        QVERIFY(question.signs.empty());
        QCOMPARE(lookAt(question).moments.front().wrong, 0);
        QCOMPARE(questionOf(memory, 3, 0.4, 0.5).query, question.query);
    }

    void publishedTable() {
        int count = 10;
        for (int column = 0; column < 3; ++column, count *= 10)
            for (const RetrievalRow& row : retrievalRows) {
                const double median = retrieval(row.d, row.beta, count, 200).median;
                QVERIFY2(std::abs(median - row.median[column]) < 0.035,
                         qPrintable(QString("d %1 B %2 P %3: %4").arg(row.d).arg(row.beta).arg(count).arg(median)));
            }
    }
};

QTEST_APPLESS_MAIN(ModernTest)
#include "modern_test.moc"
