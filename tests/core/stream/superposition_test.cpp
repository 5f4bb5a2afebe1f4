#include "core/stream/superposition.h"

#include <QTest>

#include "core/base/errors.h"

using namespace lab;

/// A small net keeps more features than it has dimensions, when they are rare.
class SuperpositionTest : public QObject {
    Q_OBJECT

    static int kept(const Superposition& toy) {
        int count = 0;
        for (const double norm : toy.norms()) count += norm > 0.5;
        return count;
    }

private slots:
    /// Elhage et al. 2022: dense features are kept one a dimension, the most important ones; rare ones share.
    void rareFeaturesShareDimensionsAndDenseOnesDoNot() {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            Superposition dense({5, 2, 0.0, 0.7, seed}), rare({5, 2, 0.97, 0.9, seed});
            dense.train(1500);
            rare.train(1500);
            QCOMPARE(kept(dense), 2);
            QVERIFY(dense.norms()[0] > 0.9 && dense.norms()[1] > 0.9);
            QVERIFY2(kept(rare) >= 4, qPrintable(QString("seed %1: %2").arg(seed).arg(kept(rare))));
            QVERIFY(dense.interference()[0] < 0.02);
            QVERIFY(rare.interference()[0] > 0.02);
        }
    }

    void dimensionalitiesOfWhatIsKeptAddUpToTheDimensions() {
        Superposition toy({6, 3, 0.95, 1.0, 4});
        toy.train(2000);
        double sum = 0;
        for (const double share : toy.dimensionality()) {
            QVERIFY(share >= 0 && share <= 1 + 1e-9);
            sum += share;
        }
        QVERIFY2(std::abs(sum - 3.0) < 0.4, qPrintable(QString::number(sum)));
    }

    void trainingLowersTheLossOfWhatItNeverSaw() {
        Superposition toy({8, 3, 0.8, 0.9, 2});
        QVERIFY(std::isnan(toy.loss()));
        const double before = toy.validationLoss();
        toy.train(800);
        QVERIFY(toy.validationLoss() < 0.6 * before);
        QCOMPARE(toy.step(), 800);
    }

    /// Whatever the steps are cut into.
    void theSameStepsGiveTheSameNumbers() {
        Superposition one({5, 2, 0.9, 0.9, 7}), inParts({5, 2, 0.9, 0.9, 7});
        one.train(60);
        inParts.train(25);
        inParts.train(35);
        QCOMPARE(one.weights(), inParts.weights());
        QCOMPARE(one.loss(), inParts.loss());
        Superposition other({5, 2, 0.9, 0.9, 8});
        other.train(60);
        QVERIFY(other.weights() != one.weights());
    }

    void refusesWhatIsNoToy() {
        for (const SuperpositionConfig& wrong :
             {SuperpositionConfig{0, 1}, {65, 2}, {5, 6}, {5, 0}, {5, 2, 1.0}, {5, 2, -0.1}, {5, 2, 0.5, 0.0}, {5, 2, 0.5, 1.5}})
            QVERIFY_THROWS_EXCEPTION(InputError, Superposition toy(wrong));
    }
};

QTEST_APPLESS_MAIN(SuperpositionTest)
#include "superposition_test.moc"
