#include "core/data/validation_spread.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/small_experiment.h"

using namespace lab;

class ValidationSpreadTest : public QObject {
    Q_OBJECT

private slots:
    void samplesAreSpreadEvenly() {
        const LoadedTask task = loadTask(lab::smallExperiment({.length = 6, .validation = 10}), {});
        const auto places = [&](int mostTokens) {
            std::vector<int> found;
            for (const Sample& sample : validationSpread(*task.dataset, mostTokens))
                for (int i = 0; i < 10; ++i)
                    if (sample.tokens == task.dataset->validationSample(i).tokens) found.push_back(i);
            return found;
        };
        const int length = static_cast<int>(task.dataset->validationSample(0).tokens.size());
        QCOMPARE(places(3 * length), (std::vector<int>{0, 3, 6}));
        QCOMPARE(places(1), (std::vector<int>{0}));
        QCOMPARE(places(1'000'000).size(), std::size_t{10});
    }

    void whereThereAreNoneThereAreNone() {
        const LoadedTask task = loadTask(lab::smallExperiment({.validation = 0}), {});
        QVERIFY(validationSpread(*task.dataset, 100).empty());
    }
};

QTEST_APPLESS_MAIN(ValidationSpreadTest)
#include "validation_spread_test.moc"
