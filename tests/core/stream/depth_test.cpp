#include <QTest>

#include "core/stream/depth.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// A position on its way through a model: which classes matter there, and where its answer is decided.
class DepthTest : public QObject {
    Q_OBJECT

    struct Desk {
        StreamCase c{formsWithStream().front()};
        StreamRuns runs{c.model, c.weights};
        Lens lens = lensOf(runs, c.input);
        int places = static_cast<int>(lens.states.places.size());
    };

private slots:
    void theLikeliestAreThoseOfTheWholeDistribution() {
        Desk desk;
        for (int place = 0; place < desk.places; ++place) {
            const std::vector<double> all = lensProbabilities(desk.runs, desk.lens.states, place, 2);
            const LensReading& reading = desk.lens.at(place, 2);
            QCOMPARE(reading.likeliest.size(), std::min<std::size_t>(all.size(), 10));
            QCOMPARE(reading.likeliest.front().id, reading.top);
            QCOMPARE(reading.likeliest.front().probability, *std::ranges::max_element(all));
            for (std::size_t i = 1; i < reading.likeliest.size(); ++i) {
                QVERIFY(reading.likeliest[i].probability <= reading.likeliest[i - 1].probability);
                QCOMPARE(reading.likeliest[i].probability, all[static_cast<std::size_t>(reading.likeliest[i].id)]);
            }
        }
    }

    void theAnswerComesFirstAndTheOthersByHowNearTheyComeToOne() {
        Desk desk;
        const DepthCourse course = depthCourse(desk.runs, desk.lens, 3);
        QCOMPARE(course.classes.front(), desk.lens.at(desk.places - 1, 3).top);
        QVERIFY(course.classes.size() >= 2 && course.classes.size() <= 4);
        for (std::size_t c = 0; c < course.classes.size(); ++c) {
            QCOMPARE(course.shares[c].size(), static_cast<std::size_t>(desk.places));
            for (int place = 0; place < desk.places; ++place)
                QCOMPARE(course.shares[c][static_cast<std::size_t>(place)],
                         lensProbabilities(desk.runs, desk.lens.states, place, 3)[static_cast<std::size_t>(course.classes[c])]);
            if (c >= 2) QVERIFY(*std::ranges::max_element(course.shares[c]) <= *std::ranges::max_element(course.shares[c - 1]));
        }
    }

    void theDecisionFallsBehindTheLastPlaceThatSaidSomethingElse() {
        Desk desk;
        for (LensReading& reading : desk.lens.readings) reading.top = 1;
        QCOMPARE(decisionOf(desk.lens, 0), (LensDecision{0, 1, -1}));
        const auto at = [&](int place) { return static_cast<std::size_t>(place * desk.lens.states.positions); };
        desk.lens.readings[at(0)].top = 2;
        desk.lens.readings[at(1)].top = 3;
        QCOMPARE(decisionOf(desk.lens, 0), (LensDecision{2, 1, 3}));
    }
};

QTEST_APPLESS_MAIN(DepthTest)
#include "depth_test.moc"
