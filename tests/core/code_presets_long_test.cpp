// What the presets of codes say, for five seeds that are not in their files.

#include <QtTest>
#include <algorithm>

#include "core/base/median.h"
#include "core/codes/code_report.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"
#include "tests/other_seeds.h"

using namespace lab;

namespace {

/// Of the test set, after the whole training.
codes::CodeReport reportOf(std::string_view preset, int seed) {
    Experiment experiment = parseExperiment(findPreset(preset)->json);
    experiment.training.validate_every = experiment.training.steps;
    experiment.training.seed = static_cast<std::uint64_t>(seed);
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (!trainer.finished()) trainer.advance();
    return codes::codeReport(codes::Coder(model, trainer.state().weights), task).value();
}

}  // namespace

class CodePresetsLongTest : public QObject {
    Q_OBJECT

private slots:
    void theyReadTheirCodesBack_data();
    void theyReadTheirCodesBack();
};

void CodePresetsLongTest::theyReadTheirCodesBack_data() {
    QTest::addColumn<double>("leastMedian");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::addColumn<double>("mostCollisions");
    QTest::newRow("codes-vq") << 0.99 << 0.99 << 1.0 << 0.01;
    QTest::newRow("codes-one-hot") << 0.95 << 0.8 << 1.0 << 0.01;
    QTest::newRow("codes-gumbel") << 0.5 << 0.15 << 1.0 << 0.03;
    QTest::newRow("codes-fsq") << 0.95 << 0.75 << 1.0 << 0.01;
    QTest::newRow("codes-bits") << 0.03 << 0.01 << 0.5 << 0.2;
    QTest::newRow("codes-fsq-tight") << 0.1 << 0.1 << 0.5 << 0.03;
}

void CodePresetsLongTest::theyReadTheirCodesBack() {
    std::vector<double> exact, collisions;
    for (const int seed : otherSeeds) {
        const codes::CodeReport report = reportOf(QTest::currentDataTag(), seed);
        qInfo("%s, seed %d: exact %.4f, collisions %.4f", QTest::currentDataTag(), seed, report.exactShare(), report.collisionRate());
        exact.push_back(report.exactShare());
        collisions.push_back(report.collisionRate());
    }
    QFETCH(double, leastMedian);
    QFETCH(double, least);
    QFETCH(double, most);
    QFETCH(double, mostCollisions);
    QVERIFY(medianOf(exact) >= leastMedian && std::ranges::max(exact) <= most);
    QVERIFY(std::ranges::min(exact) >= least);
    QVERIFY(std::ranges::max(collisions) <= mostCollisions);
}

QTEST_APPLESS_MAIN(CodePresetsLongTest)
#include "code_presets_long_test.moc"
