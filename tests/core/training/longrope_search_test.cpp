#include "core/training/longrope_search.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/training/length_evaluation.h"

using namespace lab;

namespace {

const std::vector<double> target = {1.0, 1.1, 2.4, 3.0};

double distanceToTarget(const std::vector<double>& factors) {
    double sum = 0;
    for (std::size_t p = 0; p < factors.size(); ++p) sum += std::pow(factors[p] - target[p], 2);
    return sum;
}

RopeConfig ropeOf(double base) {
    RopeConfig rope;
    rope.base = base;
    return rope;
}

}  // namespace

class LongRopeSearchTest : public QObject {
    Q_OBJECT

private slots:
    void findsBetterFactorsThanItsStarts() {
        const auto starts = longRopeStarts(ropeOf(10000), 8, 16, 4);
        QCOMPARE(starts.size(), std::size_t{3});
        double best = std::numeric_limits<double>::infinity();
        for (const auto& start : starts) best = std::min(best, distanceToTarget(start));
        LongRopeBudget budget;
        budget.rounds = 40;
        const auto found = searchLongRope(starts, 4, budget, distanceToTarget);
        QVERIFY(found.has_value());
        QCOMPARE(found->loss, distanceToTarget(found->factors));
        QVERIFY2(found->loss < best / 4, qPrintable(QStringLiteral("%1 against %2").arg(found->loss).arg(best)));
    }

    void everyCandidateLiesInTheSearchSpace() {
        const auto inside = [](const std::vector<double>& factors) {
            QVERIFY(std::ranges::is_sorted(factors));
            QVERIFY(factors.front() >= 1.0 && factors.back() <= 5.0 + 1e-9);
            for (const double value : factors) QVERIFY(std::abs(value * 100 - std::round(value * 100)) < 1e-6);
        };
        int asked = 0;
        const LongRopeBudget budget;
        searchLongRope(longRopeStarts(ropeOf(10000), 16, 16, 4), 4, budget,
                       [&](const std::vector<double>& factors) -> std::optional<double> {
                           ++asked;
                           inside(factors);
                           return -factors[3];
                       });
        QCOMPARE(asked, budget.evaluations());
    }

    void theSearchIsAFunctionOfItsSeed() {
        LongRopeBudget budget;
        const auto starts = longRopeStarts(ropeOf(100), 8, 16, 4);
        const auto once = searchLongRope(starts, 4, budget, distanceToTarget), again = searchLongRope(starts, 4, budget, distanceToTarget);
        QCOMPARE(once->factors, again->factors);
        budget.seed = 2;
        QVERIFY(searchLongRope(starts, 4, budget, distanceToTarget)->factors != once->factors);
    }

    void itTellsTheBestSoFarAndEndsWhenCancelled() {
        int told = 0;
        double last = std::numeric_limits<double>::infinity();
        const auto starts = longRopeStarts(ropeOf(100), 8, 16, 4);
        searchLongRope(starts, 4, {}, distanceToTarget, [&](int evaluations, const LongRopeCandidate& best) {
            QCOMPARE(evaluations, ++told);
            QVERIFY(best.loss <= last);
            last = best.loss;
        });
        QCOMPARE(told, LongRopeBudget{}.evaluations());
        int left = 5;
        QVERIFY(!searchLongRope(starts, 4, {}, [&](const std::vector<double>& factors) {
            return left-- > 0 ? std::optional(distanceToTarget(factors)) : std::nullopt;
        }));
    }

    void aLossThatIsNoNumberNeverWins() {
        int asked = 0;
        const auto found = searchLongRope(longRopeStarts(ropeOf(100), 8, 16, 4), 4, {}, [&](const std::vector<double>& factors) {
            return std::optional(++asked == 1 ? std::nan("") : distanceToTarget(factors));
        });
        QVERIFY(std::isfinite(found->loss));
    }

    void amongEqualsTheFirstJudgedStaysAhead() {
        const auto starts = longRopeStarts(ropeOf(100), 8, 16, 4);
        const auto found = searchLongRope(starts, 4, {}, [](const std::vector<double>&) { return std::optional(1.0); });
        QCOMPARE(found->factors, starts.front());
    }

    void startsAreInterpolationNtkAndYarn() {
        const auto starts = longRopeStarts(ropeOf(10000), 16, 33, 4);
        for (std::size_t p = 0; p < 8; ++p) {
            QVERIFY(std::abs(starts[0][p] - 4) < 1e-9);
            QVERIFY(std::abs(starts[1][p] - std::pow(4.0, 2.0 * static_cast<double>(p) / 14)) < 1e-9);
        }
        QVERIFY(std::abs(starts[2].front() - 1) < 1e-9 && std::abs(starts[2].back() - 4) < 1e-9);
        QCOMPARE(longRopeStarts(ropeOf(10000), 2, 33, 4).size(), std::size_t{2});  // no NTK
    }

    void theLossIsThatOfTheModelUnderThoseFactors() {
        Experiment experiment;
        experiment.task.kind = "copy";
        experiment.task.seq_len = 6;
        experiment.model.d_model = 8;
        experiment.model.num_heads = 1;
        experiment.model.num_layers = 1;
        experiment.model.position.kind = PositionKind::rope;
        experiment = resolved(experiment);
        const Model model(experiment.model);
        const Weights weights = initialState(model, experiment).weights;
        const LongRopeLoss loss = longRopeLoss(experiment, weights, 6, 4, {});
        const std::vector<double> factors = {1, 2, 3, 4};
        Experiment longer = atSequenceLength(experiment, 24, longRopeWith(experiment.model.position.rope, factors, 6, 4));
        QVERIFY(longer.model.position.rope.scaling.kind == "longrope");
        QCOMPARE(*longer.model.position.rope.scaling.max_seq_len, 24);
        longer.task.seed ^= 1;
        QCOMPARE(*loss(factors), evaluateWeights(longer, weights, 32, {})->loss);
        QVERIFY(*loss(factors) != *loss({4, 4, 4, 4}));
        const auto found = searchLongRope(longRopeStarts(experiment.model.position.rope, 8, 6, 4), 4, {}, loss);
        QVERIFY(found->loss <= *loss({4, 4, 4, 4}));
        QVERIFY(!longRopeLoss(experiment, weights, 6, 4, [] { return true; })(factors));
    }
};

QTEST_APPLESS_MAIN(LongRopeSearchTest)
#include "longrope_search_test.moc"
