#include <QtTest>

#include "core/data/loaded_task.h"
#include "core/model/model.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

/// The same data, whose targets are of three groups by place and sample.
class GroupedDataset : public Dataset {
public:
    explicit GroupedDataset(std::shared_ptr<const Dataset> data) : m_data(std::move(data)) {}

    int trainSize() const override { return m_data->trainSize(); }
    int validationSize() const override { return m_data->validationSize(); }
    int testSize() const override { return m_data->testSize(); }
    Sample trainSample(int i) const override { return m_data->trainSample(i); }
    Sample validationSample(int i) const override { return m_data->validationSample(i); }
    Sample testSample(int i) const override { return m_data->testSample(i); }
    const Tokenizer& tokenizer() const override { return m_data->tokenizer(); }
    int targetGroups() const override { return 3; }
    TargetGroups validationGroups(int i) const override {
        TargetGroups groups(validationSample(i).targets.size(), -1);
        for (std::size_t p = 0; p < groups.size(); ++p)
            groups[p] = static_cast<signed char>((static_cast<int>(p) + i) % 4 - 1);  // a quarter in none
        return groups;
    }

private:
    std::shared_ptr<const Dataset> m_data;
};

}  // namespace

class TargetGroupsTest : public QObject {
    Q_OBJECT

private slots:
    void validationIsCountedByGroups_data() {
        QTest::addColumn<int>("threads");
        QTest::newRow("one thread") << 1;
        QTest::newRow("three threads") << 3;
    }
    void validationIsCountedByGroups() {
        QFETCH(int, threads);
        Experiment experiment = smallExperiment({.train = 300, .validation = 41, .test = 20, .layers = 1, .steps = 6, .batch = 24});
        experiment.training.validate_every = 3;
        const LoadedTask task = loadTask(experiment, {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        const auto grouped = std::make_shared<const GroupedDataset>(task.dataset);
        Trainer plain(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads);
        Trainer trainer(task.experiment, model, grouped, initialState(*model, task.experiment), threads);
        while (!trainer.finished()) {
            const StepRecord record = trainer.advance(), other = plain.advance();
            QVERIFY(record.train.groups.empty());
            QCOMPARE(record.validation.has_value(), record.step % 3 == 0);
            if (!record.validation) continue;
            QVERIFY(other.validation->groups.empty());
            QCOMPARE(record.validation->loss, other.validation->loss);
            QCOMPARE(record.validation->accuracy, other.validation->accuracy);
            QVERIFY(record.validation->groups == slowly(*model, trainer.state().weights, *grouped));
        }
        QVERIFY(trainer.evaluateTest().groups.empty());
        QVERIFY(trainer.state().weights == plain.state().weights);
    }

private:
    /// Sample by sample through the trace.
    static std::vector<Tally> slowly(const Model& model, const Weights& weights, const Dataset& data) {
        std::vector<Tally> tallies(3);
        for (int i = 0; i < data.validationSize(); ++i) {
            const Sample sample = data.validationSample(i);
            const std::vector<int> said = predictions(model.trace(weights, {sample.tokens, sample.targetTokens, sample.targets, {}, {}}));
            const TargetGroups groups = data.validationGroups(i);
            for (std::size_t p = 0; p < groups.size(); ++p)
                if (groups[p] >= 0) tallies[static_cast<std::size_t>(groups[p])] += {said[p] == sample.targets[p] ? 1 : 0, 1};
        }
        return tallies;
    }
};

QTEST_APPLESS_MAIN(TargetGroupsTest)
#include "target_groups_test.moc"
