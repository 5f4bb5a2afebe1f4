#include "core/analysis/lsh_study.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

using namespace lab;

/// What hashing keeps of attention on a stated seeded set of clusters.
class LshStudyTest : public QObject {
    Q_OBJECT

    static constexpr LshNumbers numbers{16, 8, 32, 1};

private slots:
    void countsWhatABruteForceCountOverTheSameHashesCounts() {
        const LshStudySet set;
        const int n = set.count;
        const std::vector<double> x = set.vectors(), weights = fullWeights(set);
        const std::vector<int> buckets =
            lshBuckets(numbers, lshDirections(numbers, "study", 0, set.width), x.data(), set.width, n, set.width);
        std::set<std::pair<int, int>> met;
        int round = 0;
        for (const LshStudyRow& row : studyLsh(set, numbers)) {
            for (; round < row.rounds; ++round) {
                std::vector<std::pair<int, int>> order;
                for (int i = 0; i < n; ++i) order.emplace_back(buckets[std::size_t(round * n + i)], i);
                std::sort(order.begin(), order.end());
                for (int a = 0; a < n; ++a)
                    for (int b = std::max(0, a / 32 - 1) * 32; b < std::min(n, (a / 32 + 1) * 32); ++b)
                        if (a != b && order[std::size_t(a)].first == order[std::size_t(b)].first)
                            met.emplace(order[std::size_t(a)].second, order[std::size_t(b)].second);
            }
            double mass = 0;
            for (const auto& [i, j] : met) mass += weights[std::size_t(i * n + j)] / n;
            QVERIFY(std::abs(row.mass - mass) < 1e-12);
            QVERIFY(std::abs(row.pairs - double(met.size()) / n / (n - 1)) < 1e-12);
        }
        QCOMPARE(round, 8);
    }

    void moreRoundsKeepMoreAndAlwaysMoreThanARandomChoice() {
        for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
            LshStudySet set;
            set.seed = seed;
            const std::vector<LshStudyRow> rows = studyLsh(set, numbers);
            QCOMPARE(rows.size(), std::size_t{4});
            for (std::size_t k = 0; k < rows.size(); ++k) {
                QCOMPARE(rows[k].rounds, 1 << k);
                QVERIFY(rows[k].mass > 1.2 * rows[k].pairs && rows[k].mass > 1.2 * rows[k].random);
                QVERIFY(std::abs(rows[k].random - rows[k].pairs) < 0.05);
                if (k > 0) QVERIFY(rows[k].mass > rows[k - 1].mass && rows[k].pairs > rows[k - 1].pairs);
            }
        }
    }

    /// A short sequence in one chunk goes by buckets alone; enough rounds of two buckets bring all together.
    void shortSequencesAreServedToo() {
        LshStudySet set;
        set.count = 5;
        const std::vector<LshStudyRow> alone = studyLsh(set, {64, 1, 32, 1}), together = studyLsh(set, {2, 64, 32, 1});
        QVERIFY(std::isfinite(alone.front().mass) && alone.front().pairs < 1);
        QVERIFY(std::abs(together.back().mass - 1) < 1e-12 && together.back().pairs == 1.0);
    }

    void weightsOfARowAddUpToOneWithoutTheOwn() {
        const LshStudySet set;
        const std::vector<double> weights = fullWeights(set);
        for (int i = 0; i < set.count; ++i) {
            double sum = 0;
            for (int j = 0; j < set.count; ++j) sum += weights[std::size_t(i * set.count + j)];
            QVERIFY(std::abs(sum - 1) < 1e-12);
            QCOMPARE(weights[std::size_t(i * set.count + i)], 0.0);
        }
    }
};

QTEST_APPLESS_MAIN(LshStudyTest)
#include "lsh_study_test.moc"
