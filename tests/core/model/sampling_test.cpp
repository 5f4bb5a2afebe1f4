#include "core/model/sampling.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "core/base/random.h"

using namespace lab;

namespace {

std::vector<float> drawnLogits(std::uint64_t seed, int classes, double spread = 3) {
    std::vector<float> logits;
    const RandomStream stream(seed, "sampling test");
    for (int i = 0; i < classes; ++i) logits.push_back(static_cast<float>(spread * stream.normal(static_cast<std::uint64_t>(i))));
    return logits;
}

/// The chain as a definition would have it: everything sorted, every sum from the start, in long double. [classes]
std::vector<long double> slowTwin(const std::vector<float>& logits, const std::vector<int>& past, const Sampling& s) {
    std::vector<long double> x(logits.begin(), logits.end());
    std::map<int, int> counts;
    for (std::size_t i = 0; i < past.size(); ++i)
        if (past.size() - i <= static_cast<std::size_t>(s.penaltyWindow)) ++counts[past[i]];
    for (const auto& [token, count] : counts) {
        long double& l = x[static_cast<std::size_t>(token)];
        l = l > 0 ? l / s.repetition : l * s.repetition;
        l -= s.frequency * count + s.presence;
    }
    std::vector<std::size_t> order(x.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] > x[b]; });
    std::size_t kept = order.size();
    if (s.temperature == 0) {
        kept = 1;
    } else if (s.topK > 0) {
        kept = std::min(kept, static_cast<std::size_t>(s.topK));
    }
    const long double temperature = s.temperature > 0 ? s.temperature : 1;
    const auto share = [&](std::size_t place) {
        long double sum = 0;
        for (std::size_t i = 0; i < kept; ++i) sum += std::exp((x[order[i]] - x[order[0]]) / temperature);
        return std::exp((x[order[place]] - x[order[0]]) / temperature) / sum;
    };
    if (s.temperature > 0 && s.topP < 1) {
        long double sum = 0;
        std::size_t fewest = 0;
        while (fewest < kept && sum < static_cast<long double>(s.topP)) sum += share(fewest++);
        kept = fewest;
    }
    if (s.temperature > 0 && s.minP > 0) {
        std::size_t fewest = 1;
        while (fewest < kept && share(fewest) >= static_cast<long double>(s.minP) * share(0)) ++fewest;
        kept = fewest;
    }
    std::vector<long double> result(x.size(), 0);
    for (std::size_t i = 0; i < kept; ++i) result[order[i]] = share(i);
    return result;
}

/// The token by the plain way in double precision: all sorted, sums over the whole vocabulary, zeros and all.
int plainChoice(const std::vector<float>& logits, const Sampling& s, std::uint64_t position) {
    const std::size_t classes = logits.size();
    std::vector<std::size_t> order(classes);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
    std::vector<double> weights(classes);
    for (std::size_t i = 0; i < classes; ++i)
        weights[i] = std::exp((static_cast<double>(logits[i]) - static_cast<double>(logits[order[0]])) / s.temperature);
    const auto cutFrom = [&](std::size_t first) {
        for (std::size_t i = first; i < classes; ++i) weights[order[i]] = 0;
    };
    if (s.topK > 0) cutFrom(static_cast<std::size_t>(s.topK));
    if (s.topP < 1) {
        const double enough = s.topP * std::accumulate(weights.begin(), weights.end(), 0.0);
        double sum = 0;
        std::size_t kept = 0;
        while (kept < classes && sum < enough) sum += weights[order[kept++]];
        cutFrom(kept);
    }
    const double least = s.minP * weights[order[0]];
    for (double& weight : weights)
        if (weight < least) weight = 0;
    std::partial_sum(weights.begin(), weights.end(), weights.begin());
    const double uniform = RandomStream(s.seed, "generate").uniform(position);
    return static_cast<int>(std::upper_bound(weights.begin(), weights.end(), uniform * weights.back()) - weights.begin());
}

std::vector<int> keptOf(const NextToken& next) {
    std::vector<int> kept;
    for (std::size_t i = 0; i < next.after.size(); ++i)
        if (next.after[i] > 0) kept.push_back(static_cast<int>(i));
    return kept;
}

Sampling heated(double temperature) {
    Sampling s;
    s.temperature = temperature;
    return s;
}

/// Probabilities 0.4, 0.3, 0.2, 0.1 of tokens 2, 0, 3, 1.
const std::vector<float> fourLogits{std::log(0.3f), std::log(0.1f), std::log(0.4f), std::log(0.2f)};

}  // namespace

class SamplingTest : public QObject {
    Q_OBJECT

private slots:
    void equalsItsSlowTwin_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 60; ++seed) QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }
    void equalsItsSlowTwin() {
        QFETCH(int, seed);
        const RandomStream stream(static_cast<std::uint64_t>(seed), "settings");
        const int classes = 2 + static_cast<int>(stream.below(0, 400));
        const std::vector<float> logits = drawnLogits(static_cast<std::uint64_t>(seed), classes);
        std::vector<int> past;
        for (std::uint64_t i = 0; i < 90; ++i) past.push_back(static_cast<int>(stream.below(100 + i, static_cast<std::uint32_t>(classes))));
        Sampling s = heated(seed % 10 == 0 ? 0 : 0.4 + 1.6 * stream.uniform(1));
        if (seed % 2) s.topK = 1 + static_cast<int>(stream.below(20, 60));
        if (seed % 3) s.topP = 0.3 + 0.69 * stream.uniform(3);
        if (seed % 4 == 1) s.minP = 0.3 * stream.uniform(4);
        if (seed % 5 < 2) s.repetition = 0.8 + stream.uniform(5);
        if (seed % 5 > 1) s.frequency = stream.uniform(6) - 0.3;
        if (seed % 7 == 1) s.presence = stream.uniform(7);
        const NextToken next = nextToken(logits, past, s, 5);
        const auto expected = slowTwin(logits, past, s);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY2(std::abs(static_cast<double>(expected[i]) - next.after[i]) < 1e-12, qPrintable(QString::number(i)));
            QCOMPARE(next.cutBy[i] == nullptr, expected[i] > 0);
        }
        QVERIFY(next.after[static_cast<std::size_t>(next.token)] > 0);
        QCOMPARE(nextTokenOnly(logits, past, s, 5), next.token);
    }

    void withoutCutsItDrawsFromThePlainSoftmax() {
        const std::vector<float> logits = drawnLogits(1, 9);
        for (std::uint64_t position = 0; position < 200; ++position) {
            double sum = 0, running = 0;
            for (const float x : logits) sum += std::exp(static_cast<double>(x) / 1.3);
            int expected = 0;
            const double uniform = RandomStream(7, "generate").uniform(position);
            while (running += std::exp(static_cast<double>(logits[static_cast<std::size_t>(expected)]) / 1.3), running <= uniform * sum)
                ++expected;
            QCOMPARE(nextTokenOnly(logits, {}, {.temperature = 1.3, .seed = 7}, position), expected);
        }
    }

    void whatIsCutFirstChangesNoBitOfWhatIsDrawn() {
        std::set<int> different;
        for (const int classes : {65, 512, 2048})
            for (std::uint64_t place = 0; place < 60; ++place) {
                const std::vector<float> logits = drawnLogits(place, classes, 1 + static_cast<double>(place % 4));
                Sampling s = Sampling::ofText();
                s.temperature = 0.5 + 0.1 * static_cast<double>(place % 11);
                if (place % 3 == 0) s.topK = place % 2 ? 0 : classes / 2;
                if (place % 5 == 0) s.topP = 1;
                if (place % 7 == 0) s.minP = 0;
                const int token = nextToken(logits, {}, s, place).token;
                QCOMPARE(token, plainChoice(logits, s, place));
                QCOMPARE(nextTokenOnly(logits, {}, s, place), token);
                different.insert(token);
            }
        QVERIFY(different.size() > 60);
    }

    void theModelsEntropyIsThatOfItsShares() {
        for (int seed = 0; seed < 20; ++seed) {
            const NextToken next = nextToken(drawnLogits(static_cast<std::uint64_t>(seed), 300, 0.2 * seed), {}, heated(0.7), 0);
            QVERIFY(std::abs(next.entropyBefore - entropyBits(next.before)) < 1e-12);
        }
        const float none = -std::numeric_limits<float>::infinity();
        QCOMPARE(nextToken(std::vector<float>{none, 5, none}, {}, heated(1), 0).entropyBefore, 0.0);
    }

    void temperatureZeroTakesTheLargestAndStops() {
        const std::vector<float> logits{1, 3, 3, 2};
        Sampling s = heated(0);
        s.topK = 1;
        s.minP = 1;
        const NextToken next = nextToken(logits, {}, s, 0);
        QCOMPARE(next.token, 1);  // the lowest id of equals
        QCOMPARE(next.after, (std::vector<double>{0, 1, 0, 0}));
        QCOMPARE(next.entropyAfter, 0.0);
        QCOMPARE(next.cutBy[2]->name, std::string_view("temperature"));
        QVERIFY(next.before[2] > 0.3);
    }

    void topKKeepsExactlyKByLogitAndId() {
        Sampling s = heated(1);
        s.topK = 2;
        QCOMPARE(keptOf(nextToken(std::vector<float>{0, 1, 1, 1, 0}, {}, s, 0)), (std::vector<int>{1, 2}));
        s.topK = 5;
        QCOMPARE(keptOf(nextToken(std::vector<float>{0, 1, 1, 1, 0}, {}, s, 0)).size(), std::size_t{5});
    }

    void topPKeepsTheTokenThatCrosses() {
        Sampling s = heated(1);
        s.topP = 0.5;
        QCOMPARE(keptOf(nextToken(fourLogits, {}, s, 0)), (std::vector<int>{0, 2}));
        s.topP = 0.01;
        QCOMPARE(keptOf(nextToken(fourLogits, {}, s, 0)), std::vector<int>{2});  // at least one
        s.topP = 0.5;
        QCOMPARE(keptOf(nextToken(std::vector<float>(4, 0.0f), {}, s, 0)), (std::vector<int>{0, 1}));  // reached exactly
    }

    void topPIsOfWhatTopKLeft() {
        Sampling s = heated(1);
        s.topK = 2;  // 0.4 and 0.3 are then 0.57 and 0.43
        s.topP = 0.55;
        QCOMPARE(keptOf(nextToken(fourLogits, {}, s, 0)), std::vector<int>{2});
    }

    void minPKeepsAShareOfTheLargest() {
        Sampling s = heated(1);
        s.minP = 0.45;
        const NextToken next = nextToken(fourLogits, {}, s, 0);
        QCOMPARE(keptOf(next), (std::vector<int>{0, 2, 3}));
        QVERIFY(std::abs(next.after[2] - 4.0 / 9) < 1e-6);
        QCOMPARE(next.cutBy[1]->name, std::string_view("min_p"));
    }

    void everyCutNamesTheRuleThatMadeIt() {
        Sampling s = heated(1);
        s.topK = 3;
        s.topP = 0.6;
        const NextToken next = nextToken(fourLogits, {}, s, 0);
        QCOMPARE(next.cutBy[1]->name, std::string_view("top_k"));
        QCOMPARE(next.cutBy[3]->name, std::string_view("top_p"));
        QVERIFY(!next.cutBy[0] && !next.cutBy[2]);
    }

    void penaltiesLookAtTheLastTokensOnly() {
        Sampling s = heated(0);
        s.repetition = 2;
        s.penaltyWindow = 2;
        const std::vector<float> logits{4, 3, -1};
        QCOMPARE(nextToken(logits, std::vector<int>{0, 2}, s, 0).token, 1);     // 2, 3, -2
        QCOMPARE(nextToken(logits, std::vector<int>{0, 2, 2}, s, 0).token, 0);  // forgotten
        s.repetition = 1;
        s.frequency = 0.6;
        QCOMPARE(nextToken(logits, std::vector<int>{0}, s, 0).token, 0);     // 3.4
        QCOMPARE(nextToken(logits, std::vector<int>{0, 0}, s, 0).token, 1);  // 2.8
        s.frequency = 0;
        s.presence = 0.6;
        QCOMPARE(nextToken(logits, std::vector<int>{0, 0}, s, 0).token, 0);  // once
    }

    void surpriseAndEntropyAreBitsBeforeTemperatureAndCuts() {
        Sampling s = heated(0.1);
        s.topK = 2;
        const NextToken next = nextToken(fourLogits, {}, s, 0);
        QVERIFY(std::abs(next.surprise(0) + std::log2(0.3)) < 1e-6);
        QVERIFY(std::abs(next.entropyBefore - 1.8464393) < 1e-6);
        QVERIFY(next.entropyAfter < 1);
        QVERIFY(std::abs(entropyBits(std::vector<double>(8, 0.125)) - 3) < 1e-12);
    }

    void infiniteLogitsTakeNoPart() {
        const float none = -std::numeric_limits<float>::infinity();
        const NextToken next = nextToken(std::vector<float>{none, 0, none, 0}, {}, heated(1), 3);
        QCOMPARE(next.after, (std::vector<double>{0, 0.5, 0, 0.5}));
    }

    void theSameSeedAndPlaceGiveTheSameToken() {
        const std::vector<float> logits = drawnLogits(3, 50, 1);
        std::set<int> different;
        for (std::uint64_t place = 0; place < 40; ++place) {
            const int token = nextTokenOnly(logits, {}, {.temperature = 1, .seed = 5}, place);
            QCOMPARE(nextTokenOnly(logits, {}, {.temperature = 1, .seed = 5}, place), token);
            different.insert(token);
        }
        QVERIFY(different.size() > 10);
    }

    void theLikeliestAreThoseBeforeTheCutsWithTheChosenOne() {
        Sampling s = heated(1);
        s.topK = 1;
        const NextToken next = nextToken(fourLogits, {}, s, 0);
        QCOMPARE(likeliestBefore(next, 3), (std::vector<int>{2, 0, 3}));
        QCOMPARE(likeliestBefore(next, 2, 1), (std::vector<int>{2, 1}));
        QCOMPARE(likeliestBefore(next, 9, 1), (std::vector<int>{2, 0, 3, 1}));
    }

    void everyRuleIsFoundByItsNameAndHoldsItsNumber() {
        Sampling s;
        double number = 0.5;
        for (const SamplingRule* rule : SamplingRule::table()) {
            QCOMPARE(SamplingRule::find(rule->name), rule);
            if (rule->name != "temperature") QVERIFY2(!rule->works(s), rule->name.data());
            rule->set(s, rule->integer ? 7 : number);
            QCOMPARE(rule->value(s), rule->integer ? 7 : number);
            QVERIFY(rule->works(s));
            number += 0.01;
        }
        QVERIFY(!SamplingRule::find("warmth"));
    }

    void numbersOutOfRangeAreNamed() {
        QVERIFY(problemOf(Sampling::ofText()).empty());
        Sampling s;
        s.topP = 0;
        QVERIFY2(problemOf(s).english().find("top_p: 0") == 0, problemOf(s).english().c_str());
        s = {};
        s.temperature = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!problemOf(s).empty());
    }
};

QTEST_APPLESS_MAIN(SamplingTest)
#include "sampling_test.moc"
