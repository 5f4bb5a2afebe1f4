#include "core/analysis/likeliest.h"

#include <QTest>
#include <cmath>

using namespace lab;

namespace {

Trace traceWith(std::vector<float> logits, std::int64_t positions) {
    Trace trace;
    const auto classes = static_cast<std::int64_t>(logits.size()) / positions;
    trace.set("logits", {{positions, classes}, std::move(logits)});
    return trace;
}

}  // namespace

class LikeliestTest : public QObject {
    Q_OBJECT

private slots:
    void theLikeliestComeFirst() {
        const float big = std::log(6.0F), middle = std::log(3.0F);
        const Trace trace = traceWith({9, 0, 0, 0, 0, middle, big, 0}, 2);
        const std::vector<LikelyClass> found = likeliest(trace, 1, 3);
        QCOMPARE(found.size(), std::size_t{3});
        QCOMPARE(found[0].id, 2);
        QVERIFY(std::abs(found[0].probability - 6.0 / 11) < 1e-6);
        QCOMPARE(found[1].id, 1);
        QVERIFY(std::abs(found[1].probability - 3.0 / 11) < 1e-6);
        QCOMPARE(found[2].id, 0);  // of equal ones the lowest
        QCOMPARE(likeliest(trace, 0, 1)[0].id, 0);
    }

    void thereAreNoMoreThanClasses() {
        const std::vector<LikelyClass> all = likeliest(traceWith({1, 2}, 1), 0, 5);
        QCOMPARE(all.size(), std::size_t{2});
        QVERIFY(std::abs(all[0].probability + all[1].probability - 1) < 1e-12);
    }

    void aClassStandsBehindAllThatAreLikelier() {
        const Trace trace = traceWith({9, 0, 0, 0, 0, std::log(3.0F), std::log(6.0F), 0}, 2);
        QCOMPARE(standingOf(trace, 1, 2)->rank, 1);
        QCOMPARE(standingOf(trace, 1, 1)->rank, 2);
        QVERIFY(std::abs(standingOf(trace, 1, 1)->probability - 3.0 / 11) < 1e-6);
        QCOMPARE(standingOf(trace, 1, 0)->rank, 3);  // of equal ones the lowest is the first
        QCOMPARE(standingOf(trace, 1, 3)->rank, 4);
        QVERIFY(!standingOf(trace, 2, 0) && !standingOf(trace, 1, 4) && !standingOf(trace, 1, -1) && !standingOf(Trace(), 0, 0));
    }

    void whereThereIsNoPositionThereAreNone() {
        QVERIFY(likeliest(traceWith({1, 2}, 1), 1, 5).empty());
        QVERIFY(likeliest(traceWith({1, 2}, 1), -1, 5).empty());
        QVERIFY(likeliest(Trace(), 0, 5).empty());
    }
};

QTEST_APPLESS_MAIN(LikeliestTest)
#include "likeliest_test.moc"
