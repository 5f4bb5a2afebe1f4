#include "core/memory/capacity.h"

#include <QtTest>
#include <atomic>
#include <stdexcept>

#include "core/memory/basin.h"
#include "core/memory/icons.h"
#include "tests/core/memory/capacity_testing.h"
#include "tests/core/memory/memory_testing.h"

using namespace lab;
using namespace lab::memory_testing;

namespace {

std::vector<CapacityPoint> measured(std::string_view rule, const CapacityQuestion& question) {
    return capacityCurve(classicalMemory(storageRule(rule)), question, 1);
}

CapacityQuestion smallQuestion() {
    CapacityQuestion question;
    question.neurons = 60;
    question.patterns = {3, 9, 20};
    question.draws = 6;
    return question;
}

}  // namespace

class CapacityTest : public QObject {
    Q_OBJECT

private slots:
    /// RESEARCH G.2 at loads away from the drop; the whole table is in capacity_long_test.
    void loadsAwayFromTheDropAreAsPublished_data() {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("load");
        for (const auto& [row, load] : {std::pair{0, 0}, {0, 6}, {1, 5}, {1, 9}, {2, 6}, {2, 9}, {3, 6}, {3, 9}})
            QTest::addRow("%s at %g", std::string(publishedRows[static_cast<std::size_t>(row)].rule).c_str(),
                          publishedLoads[static_cast<std::size_t>(load)])
                << row << load;
    }

    void loadsAwayFromTheDropAreAsPublished() {
        QFETCH(int, row);
        QFETCH(int, load);
        const PublishedRow& published = publishedRows[static_cast<std::size_t>(row)];
        const auto cell = static_cast<std::size_t>(load);
        QVERIFY(isAwayFromTheDrop(published, cell));
        const auto points = measured(published.rule, publishedQuestion({publishedLoads[cell]}));
        QVERIFY2(agrees(points.front(), published, cell), qPrintable(cellText(points.front(), published, cell)));
    }

    /// At .2 Hebb has dropped and Storkey not; at .5 Storkey has and the pseudo-inverse holds more.
    void theRulesDropInTheirOrder() {
        const auto hebb = measured("hebb", publishedQuestion({0.2})), storkey = measured("storkey", publishedQuestion({0.2, 0.5}));
        const auto pseudoInverse = measured("pseudo-inverse", publishedQuestion({0.5}));
        QVERIFY(hebb[0].overlap < 0.75 && storkey[0].overlap > 0.98);
        QVERIFY(storkey[1].overlap < pseudoInverse[0].overlap - 0.1);
    }

    void correlatedPatternsFailFarEarlierWithHebb() {
        CapacityQuestion question = publishedQuestion({0.08});
        question.correlation = 0.3;
        QVERIFY(measured("hebb", question)[0].exact < 0.05);
        QVERIFY(measured("pseudo-inverse", question)[0].exact > 0.95);
    }

    /// One point worked out without the curve's code.
    void aPointIsTheMeanOfItsDraws() {
        CapacityQuestion question = smallQuestion();
        question.draws = 1;
        question.flip = 0;
        std::vector<std::vector<States>> stored;
        const MakeMemory inverting = [&](std::span<const States> patterns) -> RecallBy {
            stored.emplace_back(patterns.begin(), patterns.end());
            return [](const States& query, std::uint64_t) {
                States out = query;
                out[0] = static_cast<std::int8_t>(-out[0]);
                return out;
            };
        };
        for (const CapacityPoint& point : capacityCurve(inverting, question)) {
            QVERIFY(std::abs(point.overlap - (1 - 2.0 / 60)) < 1e-12);
            QCOMPARE(point.exact, 0.0);
            QCOMPARE(point.draws, 1);
            QVERIFY(std::abs(point.load - point.patterns / 60.0) < 1e-12);
        }
        QCOMPARE(stored.size(), std::size_t(3));
        for (std::size_t k = 0; k < 3; ++k) QCOMPARE(stored[k].size(), static_cast<std::size_t>(question.patterns[k]));
    }

    void threadsDoNotMatter() {
        const MakeMemory memory = classicalMemory(storageRule("storkey"));
        const auto one = capacityCurve(memory, smallQuestion(), 1), three = capacityCurve(memory, smallQuestion(), 3);
        QCOMPARE(three, one);
        CapacityQuestion other = smallQuestion();
        other.seed = 2;
        QVERIFY(capacityCurve(memory, other, 1) != one);
        CapacityQuestion middle = smallQuestion();
        middle.patterns = {9};
        QCOMPARE(capacityCurve(memory, middle, 1)[0], one[1]);
    }

    void progressIsToldDrawByDraw() {
        std::vector<double> shares;
        std::vector<CapacityPoint> last;
        const auto points = capacityCurve(classicalMemory(storageRule("hebb")), smallQuestion(), 2, {},
                                          [&](const std::vector<CapacityPoint>& sofar, double share) {
                                              shares.push_back(share);
                                              last = sofar;
                                          });
        QCOMPARE(shares.size(), std::size_t(18));
        QVERIFY(std::ranges::is_sorted(shares));
        QCOMPARE(shares.back(), 1.0);
        QCOMPARE(last, points);
    }

    /// Draws of 3 patterns: the second one is left in its middle, after recall 5.
    void itStopsBetweenTwoRecalls() {
        for (const int threads : {1, 2}) {
            std::atomic<int> recalls = 0;
            const MakeMemory counting = [&](std::span<const States>) -> RecallBy {
                return [&](const States& query, std::uint64_t) {
                    ++recalls;
                    return query;
                };
            };
            std::size_t told = 0;
            const auto points = capacityCurve(
                counting, smallQuestion(), threads, [&] { return recalls >= 5; },
                [&](const std::vector<CapacityPoint>&, double) { ++told; });
            QVERIFY(recalls >= 5 && recalls < 5 + threads);
            QCOMPARE(points.size(), std::size_t(3));
            QCOMPARE(static_cast<std::size_t>(points[0].draws), told);
            QVERIFY(told <= 1 && (threads > 1 || told == 1));
            QCOMPARE(points[1].draws + points[2].draws, 0);
        }
    }

    /// The thread that is told to stop tells the others, even if it is told so once only.
    void oneAnswerStopsAll() {
        std::atomic<int> asked = 0;
        const auto points = capacityCurve(classicalMemory(storageRule("hebb")), smallQuestion(), 2, [&] { return ++asked == 20; });
        int draws = 0;
        for (const CapacityPoint& point : points) draws += point.draws;
        QVERIFY2(draws >= 2 && draws < 7, qPrintable(QString::number(draws)));
        QVERIFY(asked <= 21);
    }

    void whatAMemoryThrowsIsThrown() {
        const MakeMemory failing = [](std::span<const States>) -> RecallBy { throw std::runtime_error("no room"); };
        QVERIFY_EXCEPTION_THROWN(capacityCurve(failing, smallQuestion(), 3), std::runtime_error);
    }

    void loadsBecomeNumbersOfPatterns() {
        const std::vector<double> loads{0.138, 0.001, 0.1, 0.1001};
        QCOMPARE(patternsOfLoads(200, loads), std::vector<int>({1, 20, 28}));
        QVERIFY(std::ranges::is_sorted(usualLoads()));
    }

    void aBasinGoesFromThePatternToChance() {
        const HopfieldNet net(storageRule("pseudo-inverse-zero-diagonal"), iconPatterns());
        BasinQuestion question;
        question.flips = usualFlips();
        question.draws = 4;
        std::size_t told = 0;
        const auto points = basinCurve(net, question, {}, [&](const std::vector<BasinPoint>& sofar, double) { told = sofar.size(); });
        QCOMPARE(points.size(), question.flips.size());
        QCOMPARE(told, points.size());
        QCOMPARE(points.front(), (BasinPoint{1, 1, 1, 40}));
        QVERIFY(std::abs(points.back().overlapIn) < 0.01 && points.back().exact < 0.2);
        QVERIFY(points[4].overlapOut > points[4].overlapIn + 0.2);
        QCOMPARE(basinCurve(net, question), points);
        question.pattern = 3;
        QCOMPARE(basinCurve(net, question).front().draws, 4);
    }

    /// 10 pictures, 4 queries of each: 40 a point, and query 51 is not asked any more.
    void aBasinStopsBetweenTwoQueries() {
        const HopfieldNet net(storageRule("hebb"), iconPatterns());
        BasinQuestion question;
        question.flips = usualFlips();
        question.draws = 4;
        int asked = 0;
        std::size_t told = 0;
        const auto points = basinCurve(
            net, question, [&] { return ++asked > 50; }, [&](const std::vector<BasinPoint>&, double) { ++told; });
        QCOMPARE(points.size(), std::size_t(1));
        QCOMPARE(told, points.size());
        QCOMPARE(asked, 51);
        QVERIFY(basinCurve(net, question, [] { return true; }).empty());
    }
};

QTEST_APPLESS_MAIN(CapacityTest)
#include "capacity_test.moc"
