#include "core/text/ngram_baselines.h"

#include <QtTest>
#include <cmath>
#include <map>
#include <set>

#include "core/base/errors.h"
#include "core/base/random.h"

using namespace lab;

namespace {

using Ids = std::vector<int>;

std::vector<int> drawnIds(std::uint64_t seed, std::size_t count, std::uint32_t vocabulary) {
    const RandomStream random(seed, "ids");
    std::vector<int> ids;
    for (std::size_t i = 0; i < count; ++i)
        ids.push_back(static_cast<int>(i > 2 && random.below(2 * i, 3) ? ids[i - 1] * 7 % static_cast<int>(vocabulary)
                                                                       : static_cast<int>(random.below(2 * i + 1, vocabulary))));
    return ids;
}

/// The formula as it is written, every n-gram looked up by itself.
double slowProbability(const std::map<Ids, std::map<int, int>>& behind, Ids context, int token, int vocabulary) {
    double lower = 1.0 / vocabulary;
    if (!context.empty()) lower = slowProbability(behind, Ids(context.begin() + 1, context.end()), token, vocabulary);
    const auto found = behind.find(context);
    if (found == behind.end()) return lower;
    double all = 0;
    for (const auto& [id, times] : found->second) all += times;
    const double different = static_cast<double>(found->second.size());
    const auto own = found->second.find(token);
    return ((own == found->second.end() ? 0 : own->second) + different * lower) / (all + different);
}

std::vector<double> slowBits(const Ids& train, const Ids& validation, int vocabulary) {
    std::map<Ids, std::map<int, int>> behind;
    for (std::size_t i = 0; i < train.size(); ++i)
        for (std::size_t k = 0; k < 5 && k <= i; ++k) ++behind[Ids(train.begin() + (i - k), train.begin() + i)][train[i]];
    std::vector<double> bits{std::log2(vocabulary)};
    for (std::size_t k = 0; k < 5; ++k) {
        double sum = 0;
        for (std::size_t i = 0; i < validation.size(); ++i) {
            const std::size_t length = std::min(k, i);
            sum -= std::log2(
                slowProbability(behind, Ids(validation.begin() + (i - length), validation.begin() + i), validation[i], vocabulary));
        }
        bits.push_back(sum / static_cast<double>(validation.size()));
    }
    return bits;
}

}  // namespace

class NgramBaselinesTest : public QObject {
    Q_OBJECT

private slots:
    void theyAreTheFormula() {
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            const int vocabulary = 2 + static_cast<int>(seed) * 3;
            const Ids train = drawnIds(seed, 300 + 40 * seed, static_cast<std::uint32_t>(vocabulary));
            const Ids validation = drawnIds(seed + 100, 150, static_cast<std::uint32_t>(vocabulary));
            const NgramBaselines fast = ngramBaselines(train, validation, vocabulary);
            const std::vector<double> slow = slowBits(train, validation, vocabulary);
            QCOMPARE(fast.bits.size(), slow.size());
            for (std::size_t order = 0; order < slow.size(); ++order) QVERIFY(std::abs(fast.bits[order] - slow[order]) < 1e-9);
            QCOMPARE(fast.trainTokens, train.size());
            QCOMPARE(fast.scoredTokens, validation.size());
        }
    }

    /// What is read alone is context, and costs nothing.
    void someTokensAloneMayCount() {
        const Ids train = drawnIds(3, 200, 9), validation = drawnIds(4, 40, 9);
        std::vector<unsigned char> scored(validation.size(), 0);
        std::vector<double> sums(6, 0.0);
        std::size_t count = 0;
        for (std::size_t i = 0; i < validation.size(); i += 1 + i % 3) {
            scored[i] = 1;
            const auto upTo = [&](std::size_t end) { return slowBits(train, Ids(validation.begin(), validation.begin() + end), 9); };
            const std::vector<double> with = upTo(i + 1), without = i > 0 ? upTo(i) : std::vector<double>(6, 0.0);
            for (std::size_t order = 0; order < 6; ++order)
                sums[order] += with[order] * static_cast<double>(i + 1) - without[order] * static_cast<double>(i);
            ++count;
        }
        const NgramBaselines result = ngramBaselines(train, validation, 9, {}, {}, scored);
        QCOMPARE(result.scoredTokens, count);
        for (std::size_t order = 0; order < 6; ++order)
            QVERIFY(std::abs(result.bits[order] - sums[order] / static_cast<double>(count)) < 1e-9);
    }

    void aRuleOfTheTokenBeforeIsSeenByBigrams() {
        Ids ids;
        for (int i = 0; i < 4000; ++i) ids.push_back(i % 8);
        const NgramBaselines result = ngramBaselines(ids, ids, 8);
        QVERIFY(std::abs(result.bits[0] - 3) < 1e-12 && std::abs(result.bits[1] - 3) < 1e-2);
        QVERIFY(result.bits[2] < .01);
        QCOMPARE(result.best(), *std::min_element(result.bits.begin(), result.bits.end()));
    }

    void nothingCountedIsUniform() {
        const NgramBaselines result = ngramBaselines({}, Ids{1, 2, 3}, 16);
        for (const double bits : result.bits) QCOMPARE(bits, 4.0);
        for (const double bits : ngramBaselines(Ids{1, 2}, {}, 16).bits) QCOMPARE(bits, 0.0);
    }

    void thereAreLimits() {
        const Ids train = drawnIds(1, 20000, 500);
        NgramLimits limits;
        limits.trainTokens = 100;
        QCOMPARE(ngramBaselines(train, train, 500, {}, limits).trainTokens, std::size_t(100));
        QCOMPARE(ngramBaselines(train, train, 500, {}, limits).bits, ngramBaselines(std::span(train).first(100), train, 500).bits);
        limits = {};
        limits.nodes = 1000;
        const std::size_t counted = ngramBaselines(train, train, 500, {}, limits).trainTokens;
        QVERIFY(counted > 100 && counted < 2000);
    }

    void theWatchMayEndIt() {
        const Ids train = drawnIds(1, 200000, 50);
        int told = 0;
        ngramBaselines(train, train, 50, [&](double share) { return ++told > 0 && share >= 0 && share <= 1; });
        QVERIFY(told >= 6);
        for (int stop = 1; stop <= told; ++stop) {
            int count = 0;
            QVERIFY_EXCEPTION_THROWN(ngramBaselines(train, train, 50, [&](double) { return ++count < stop; }), InputError);
        }
    }
};

QTEST_APPLESS_MAIN(NgramBaselinesTest)
#include "ngram_baselines_test.moc"
