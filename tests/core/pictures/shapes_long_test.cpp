// How hard `shapes` is for what looks at pixels alone.

#include <QtTest>

#include "core/pictures/shapes.h"
#include "tests/core/pictures/simple_classifiers.h"

using namespace lab;
using namespace lab::picture_testing;

class ShapesLongTest : public QObject {
    Q_OBJECT

private slots:
    void pixelsAloneAreNotEnough() {
        constexpr int trained = 50000, tested = 2000;
        const Pixels train(ShapesSource(42, "train", trained), trained), test(ShapesSource(42, "test", tested), tested);
        const auto linear = std::make_unique<LogisticRegression>();
        linear->learn(train, 8);
        const double regression = linear->accuracy(test), nearest = nearestNeighbourAccuracy(train, test);
        qInfo("of %d after %d: logistic regression %.4f, nearest neighbour %.4f", tested, trained, regression, nearest);
        QVERIFY(regression <= 0.6 && regression > 0.2);  // it has learned
        QVERIFY(nearest <= 0.95 && nearest > 0.5);
    }
};

QTEST_APPLESS_MAIN(ShapesLongTest)
#include "shapes_long_test.moc"
