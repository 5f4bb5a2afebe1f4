#include "core/analysis/head_metrics.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "tests/core/analysis/infinity.h"

using namespace lab;

namespace {

/// A trace of one block "b" with random weights: some keys hidden, some rows with nothing to see.
struct RandomHeads {
    int heads = 2, queries = 9, keys = 9;
    bool causal = false, cross = false;
    std::vector<int> tokens;
    std::vector<std::vector<std::vector<double>>> weight;  // [head][query][key]
    std::vector<std::vector<bool>> seen;                   // [query][key]
    std::vector<std::vector<std::vector<double>>> score;
    Trace trace;

    AttentionBlock block() const { return {"b", cross ? "decoder" : "encoder", 0, heads, heads, cross, Visibility({}, causal, false)}; }

    /// The same with each row's weight spread over what it sees.
    RandomHeads spreadEvenly() const {
        RandomHeads result = *this;
        for (auto& head : result.weight)
            for (std::size_t i = 0; i < head.size(); ++i) {
                const auto visible = std::count(seen[i].begin(), seen[i].end(), true);
                for (std::size_t j = 0; j < head[i].size(); ++j) head[i][j] = seen[i][j] ? 1.0 / static_cast<double>(visible) : 0.0;
            }
        return result;
    }

    RandomHeads(unsigned seed, bool isCausal, bool isCross) : queries(isCross ? 7 : 9), causal(isCausal), cross(isCross) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> uniform(0.0, 1.0);
        for (int j = 0; j < keys; ++j) tokens.push_back(static_cast<int>(random() % 4));
        seen.assign(static_cast<std::size_t>(queries), std::vector<bool>(static_cast<std::size_t>(keys), true));
        for (int i = 0; i < queries; ++i)
            for (int j = 0; j < keys; ++j)
                if ((causal && j > i) || i == 4 || (i != j && random() % 5 == 0)) seen[std::size_t(i)][std::size_t(j)] = false;
        Tensor weights{{heads, queries, keys}, {}}, masked = weights, scores = weights;
        for (int h = 0; h < heads; ++h) {
            weight.emplace_back();
            score.emplace_back();
            for (int i = 0; i < queries; ++i) {
                std::vector<double> row, scoreRow;
                double sum = 0.0;
                for (int j = 0; j < keys; ++j) {
                    scoreRow.push_back(static_cast<float>(4 * uniform(random) - 2));
                    row.push_back(seen[std::size_t(i)][std::size_t(j)] ? std::exp(scoreRow.back()) : 0.0);
                    sum += row.back();
                }
                for (int j = 0; j < keys; ++j) {
                    double& a = row[std::size_t(j)];
                    a = sum > 0 ? static_cast<float>(a / sum) : 0.0;
                    weights.values.push_back(static_cast<float>(a));
                    scores.values.push_back(static_cast<float>(scoreRow[std::size_t(j)]));
                    masked.values.push_back(seen[std::size_t(i)][std::size_t(j)] ? scores.values.back() : minusInfinity);
                }
                weight.back().push_back(row);
                score.back().push_back(scoreRow);
            }
        }
        trace.tokens = tokens;
        trace.set("b.weights", weights);
        trace.set("b.masked_scores", masked);
        trace.set("b.scores", scores);
    }
};

double mean(const std::vector<double>& values) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

/// The definitions read aloud, one after the other, without the code under test's helpers.
std::map<HeadMetric, double> slowly(const RandomHeads& all, int head, const std::vector<std::vector<int>>& sources) {
    std::map<HeadMetric, std::vector<double>> rows;
    const auto& a = all.weight[std::size_t(head)];
    for (int i = 0; i < all.queries; ++i) {
        const auto& row = a[std::size_t(i)];
        int visible = 0;
        for (int j = 0; j < all.keys; ++j) visible += all.seen[std::size_t(i)][std::size_t(j)] ? 1 : 0;
        if (!sources[std::size_t(i)].empty()) {
            double mass = 0.0;
            for (const int j : sources[std::size_t(i)]) mass += row[std::size_t(j)];
            rows[HeadMetric::agreement].push_back(mass);
        }
        if (visible == 0) continue;
        double product = 1.0, distance = 0.0;  // e^H = prod a^-a
        for (int j = 0; j < all.keys; ++j) {
            const double w = row[std::size_t(j)];
            if (w > 0) product *= std::pow(w, -w);
            distance += w * (i > j ? i - j : j - i);
        }
        rows[HeadMetric::effectiveKeys].push_back(product);
        if (visible > 1) rows[HeadMetric::entropy].push_back(std::log2(product) / std::log2(double(visible)));
        rows[HeadMetric::meanDistance].push_back(distance);
        rows[HeadMetric::firstToken].push_back(row[0]);
        if (i < all.keys) rows[HeadMetric::diagonal].push_back(row[std::size_t(i)]);
        if (i >= 1) rows[HeadMetric::previousToken].push_back(row[std::size_t(i) - 1]);
        if (i + 1 < all.keys) rows[HeadMetric::nextToken].push_back(row[std::size_t(i) + 1]);
        if (all.cross) continue;
        double duplicates = 0.0, followers = 0.0;
        bool repeated = false;
        for (int j = 0; j < all.keys; ++j) {
            if (j < i && all.tokens[std::size_t(j)] == all.tokens[std::size_t(i)]) {
                duplicates += row[std::size_t(j)];
                repeated = true;
            }
            if (j >= 1 && j <= i && all.tokens[std::size_t(j) - 1] == all.tokens[std::size_t(i)]) followers += row[std::size_t(j)];
        }
        if (!repeated) continue;
        rows[HeadMetric::duplicateToken].push_back(duplicates);
        rows[HeadMetric::induction].push_back(followers);
    }
    std::map<HeadMetric, double> result;
    for (const HeadMetric metric : headMetricList) result[metric] = mean(rows[metric]);
    if (!all.cross) {
        // |S - S^T|^2 = 2 |S|^2 - 2 <S, S^T> and |S + S^T|^2 = 2 |S|^2 + 2 <S, S^T>.
        const auto& s = all.score[std::size_t(head)];
        double square = 0.0, inner = 0.0;
        for (int i = 0; i < all.queries; ++i)
            for (int j = 0; j < all.keys; ++j) {
                square += s[std::size_t(i)][std::size_t(j)] * s[std::size_t(i)][std::size_t(j)];
                inner += s[std::size_t(i)][std::size_t(j)] * s[std::size_t(j)][std::size_t(i)];
            }
        result[HeadMetric::symmetry] = std::sqrt((square - inner) / (square + inner));
    }
    return result;
}

bool same(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-6;
}

/// One head that puts all weight of each row on keys[row]; every key visible unless causal.
HeadMetrics lookingAt(const std::vector<int>& keys, const std::vector<int>& tokens, bool causal = false) {
    const auto n = static_cast<std::int64_t>(keys.size());
    Tensor weights{{1, n, n}, std::vector<float>(static_cast<std::size_t>(n * n), 0.0F)}, scores = weights;
    for (std::int64_t i = 0; i < n; ++i) {
        weights.values[static_cast<std::size_t>(i * n + keys[static_cast<std::size_t>(i)])] = 1.0F;
        for (std::int64_t j = i + 1; causal && j < n; ++j) scores.values[static_cast<std::size_t>(i * n + j)] = minusInfinity;
    }
    Trace trace;
    trace.tokens = tokens;
    trace.set("b.weights", weights);
    trace.set("b.masked_scores", scores);
    trace.set("b.scores", {weights.shape, std::vector<float>(weights.values.size(), 0.0F)});
    return headMetrics(trace, {"b", "encoder", 0, 1, 1, false, Visibility({}, causal, false)}, 0, std::nullopt);
}

}  // namespace

class HeadMetricsTest : public QObject {
    Q_OBJECT

private slots:
    void everyMetricIsItsDefinition_data() {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("cross");
        for (unsigned seed = 1; seed <= 20; ++seed) QTest::addRow("%u", seed) << seed << (seed % 3 == 0) << (seed % 3 == 1);
    }
    void everyMetricIsItsDefinition() {
        QFETCH(unsigned, seed);
        QFETCH(bool, causal);
        QFETCH(bool, cross);
        const RandomHeads all(seed, causal, cross);
        Sources sources;
        for (int i = 0; i < all.queries; ++i) sources.keys.push_back(i % 3 == 2 ? std::vector<int>{} : std::vector<int>{8 - i, i / 2});
        for (int head = 0; head < all.heads; ++head) {
            const HeadMetrics found = headMetrics(all.trace, all.block(), head, sources);
            const auto expected = slowly(all, head, sources.keys);
            const auto even = slowly(all.spreadEvenly(), head, sources.keys);
            for (const HeadMetric metric : headMetricList)
                QVERIFY2(!isMass(metric) || same(found.evenMass(metric), even.at(metric)), headMetricName(metric).c_str());
            for (const HeadMetric metric : headMetricList)
                QVERIFY2(same(found[metric], expected.at(metric)), qPrintable(QStringLiteral("%1: %2, not %3")
                                                                                  .arg(QString::fromStdString(headMetricName(metric)))
                                                                                  .arg(found[metric])
                                                                                  .arg(expected.at(metric))));
        }
    }

    void aMetricWithoutAnyQueryIsNotANumber() {
        const RandomHeads self(1, false, false), cross(1, false, true);
        const HeadMetrics alone = headMetrics(self.trace, self.block(), 0, std::nullopt);
        QVERIFY(std::isnan(alone[HeadMetric::agreement]));
        const HeadMetrics other = headMetrics(cross.trace, cross.block(), 0, std::nullopt);
        for (const HeadMetric metric : {HeadMetric::duplicateToken, HeadMetric::induction, HeadMetric::symmetry})
            QVERIFY(std::isnan(other[metric]));
        const HeadMetrics distinct = lookingAt({0, 1, 2}, {4, 5, 6});
        QVERIFY(std::isnan(distinct[HeadMetric::induction]));
        QVERIFY(std::isnan(distinct[HeadMetric::symmetry]));  // all scores 0
    }

    void perfectHeadsScoreOneAndAreNamed() {
        QCOMPARE(headKind(lookingAt({0, 0, 1, 2}, {1, 2, 3, 4})), HeadKind::previousToken);
        QCOMPARE(headKind(lookingAt({1, 2, 3, 3}, {1, 2, 3, 4})), HeadKind::nextToken);
        QCOMPARE(headKind(lookingAt({0, 1, 2, 3}, {1, 2, 3, 4})), HeadKind::diagonal);
        QCOMPARE(headKind(lookingAt({0, 0, 0, 0, 0, 0}, {1, 2, 3, 4, 5, 6}, true)), HeadKind::firstToken);
        const HeadMetrics duplicate = lookingAt({3, 3, 3, 0, 1, 2}, {1, 2, 3, 1, 2, 3});
        QCOMPARE(duplicate[HeadMetric::duplicateToken], 1.0);
        QCOMPARE(headKind(duplicate), HeadKind::duplicateToken);
        const HeadMetrics induction = lookingAt({0, 0, 0, 1, 2, 3}, {1, 2, 3, 1, 2, 3}, true);
        QCOMPARE(induction[HeadMetric::induction], 1.0);
        QCOMPARE(headKind(induction), HeadKind::induction);
        QCOMPARE(headKind(lookingAt({2, 3, 0, 1}, {1, 2, 3, 4})), HeadKind::mixed);
    }

    void theTasksOwnPatternComesBeforeOthersAndUniformBeforeAll() {
        HeadMetrics head = lookingAt({0, 0, 1, 2}, {1, 2, 3, 4});
        head.counted.fill(4);
        head.evenMass(HeadMetric::agreement) = 0.25;
        QCOMPARE(enoughMass(head, HeadMetric::agreement), 0.625);
        head[HeadMetric::agreement] = 0.63;
        QCOMPARE(headKind(head), HeadKind::answer);
        head[HeadMetric::agreement] = 0.62;
        QCOMPARE(headKind(head), HeadKind::previousToken);
        head[HeadMetric::agreement] = 0.9;
        head[HeadMetric::effectiveKeys] = 0.97 * head.visibleKeys;
        QCOMPARE(headKind(head), HeadKind::uniform);
        head[HeadMetric::effectiveKeys] = head.visibleKeys = 1.0;  // one key to see is no choice
        QCOMPARE(headKind(head), HeadKind::answer);
    }

    void whatAnyHeadWouldDoNamesNone() {
        // Nearly all tokens are the same: whatever a query looks at is a copy of it, or follows one.
        const HeadMetrics same = lookingAt({2, 3, 4, 5, 0, 1}, {7, 7, 7, 7, 7, 7});
        QVERIFY(same[HeadMetric::duplicateToken] < 1.0);
        const HeadMetrics causal = lookingAt({0, 0, 0, 1, 1, 2}, {7, 7, 7, 7, 7, 7}, true);
        QCOMPARE(causal[HeadMetric::duplicateToken], 1.0);
        QVERIFY(causal.evenMass(HeadMetric::duplicateToken) > tellingEven);
        QVERIFY(!tells(causal, HeadMetric::duplicateToken));
        // One token comes twice: one query in eight says nothing of a head.
        const HeadMetrics once = lookingAt({3, 5, 1, 7, 0, 2, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 1});
        QCOMPARE(once[HeadMetric::induction], 1.0);
        QCOMPARE(once.queriesOf(HeadMetric::induction), 1);
        QVERIFY(!tells(once, HeadMetric::induction));
    }

    void uniformMassCountsVisibleKeysOnly() {
        Trace trace;
        trace.tokens = {7, 3};
        trace.set("b.weights", {{1, 2, 2}, {1.0F, 0.0F, 0.5F, 0.5F}});
        trace.set("b.masked_scores", {{1, 2, 2}, {0.0F, minusInfinity, 0.0F, 0.0F}});
        trace.set("b.scores", {{1, 2, 2}, {0.0F, 1.0F, 0.0F, 0.0F}});
        const Sources mirrored{{}, {{1}, {0}}};
        const HeadMetrics head = headMetrics(trace, {"b", "encoder", 0, 1, 1, false, Visibility({}, true, false)}, 0, mirrored);
        QCOMPARE(head.visibleKeys, 1.5);
        QCOMPARE(head.evenMass(HeadMetric::agreement), 0.25);
        QCOMPARE(head[HeadMetric::agreement], 0.25);
        QCOMPARE(head[HeadMetric::symmetry], 1.0);
        QVERIFY(same(head[HeadMetric::effectiveKeys], 1.5));
        QVERIFY(same(head[HeadMetric::entropy], 1.0));
    }

    void scoresOfKvAreSymmetric() {
        Experiment experiment;
        experiment.model.attention.form = AttentionForm::kv;
        experiment = resolved(experiment);
        const Model model(experiment.model);
        const Trace trace =
            model.trace(initialWeights(model, 1),
                        {.tokens = {3, 1, 4, 1, 5, 9, 2, 6}, .targetTokens = {}, .targets = {}, .masked = {}, .interventions = {}});
        const std::vector<HeadMetrics> heads = allHeadMetrics(model, experiment.task, trace);
        QCOMPARE(heads.size(), std::size_t(4));
        for (const HeadMetrics& head : heads) {
            QVERIFY(head[HeadMetric::symmetry] < 1e-5);
            QVERIFY(head[HeadMetric::entropy] <= 1.0 + 1e-6);
            QVERIFY(!std::isnan(head[HeadMetric::agreement]));
        }
    }

    /// Half of every row goes to a sink: the keys' spread is told as if it did not, and their masses are what is left.
    void aSinkLeavesTheKeysTheirSpread() {
        const RandomHeads whole(3, true, false);
        RandomHeads half = whole;
        Tensor weights = half.trace.at("b.weights");
        for (float& a : weights.values) a /= 2;
        half.trace.set("b.weights", weights);
        AttentionBlock block = half.block();
        block.sink = true;
        for (int head = 0; head < whole.heads; ++head) {
            const HeadMetrics all = headMetrics(whole.trace, whole.block(), head, std::nullopt),
                              left = headMetrics(half.trace, block, head, std::nullopt);
            for (const HeadMetric metric : {HeadMetric::entropy, HeadMetric::effectiveKeys, HeadMetric::meanDistance})
                QVERIFY(std::abs(all[metric] - left[metric]) < 1e-5);
            for (const HeadMetric metric : {HeadMetric::diagonal, HeadMetric::previousToken, HeadMetric::firstToken})
                QVERIFY(std::abs(all[metric] / 2 - left[metric]) < 1e-6);
        }
    }
};

QTEST_APPLESS_MAIN(HeadMetricsTest)
#include "head_metrics_test.moc"
