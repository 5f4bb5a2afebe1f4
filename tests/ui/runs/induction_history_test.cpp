#include "ui/runs/induction_history.h"

#include "core/analysis/induction.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

namespace {

LoadedTask blocksOf(int steps, int layers = 2) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .steps = steps});
    experiment.task.kind = "repeat";
    experiment.task.seq_len = 16;
    experiment.task.repeat.period = RepeatPeriod::random;
    experiment.model.architecture = Architecture::decoder;
    experiment.model.num_layers = layers;
    return loadTask(experiment, {});
}

std::vector<Sample> measuredSamples(const Dataset& dataset) {
    std::vector<Sample> samples;
    for (int i = 0; i < std::min(InductionHistory::sampleCount, dataset.validationSize()); ++i)
        samples.push_back(dataset.validationSample(i));
    return samples;
}

void trainBlocks(Run& run) {
    run.train();
    QTRY_VERIFY(run.state() == RunState::finished);
}

}  // namespace

class InductionHistoryTest : public QObject {
    Q_OBJECT

private slots:
    void everyKeptStepIsMeasuredAsCoreMeasuresIt() {
        Workspace workspace;
        Run* run = workspace.add(blocksOf(30));
        trainBlocks(*run);
        InductionHistory history(*run);
        history.setWatched(true);
        QTRY_VERIFY(history.complete());
        QVERIFY(history.settled());
        QCOMPARE(history.measured().size(), run->history().size());
        for (const CheckpointPtr& checkpoint : run->history().checkpoints()) {
            const auto expected =
                inductionMeasures(*run->model(), checkpoint->weights, run->experiment().task, measuredSamples(*run->dataset()));
            QVERIFY(history.at(checkpoint->step));
            QCOMPARE(history.at(checkpoint->step)->score, expected->score);
            QCOMPARE(history.at(checkpoint->step)->heads.size(), expected->heads.size());
        }
        const auto head = history.strongest(&InductionHead::induction);
        QVERIFY(head);
        const std::vector<double> course = history.course(*head, &InductionHead::induction);
        QCOMPARE(course.size(), history.measured().size());
        QCOMPARE(course.back(), head->induction);
    }

    void nothingIsMeasuredUnwatched() {
        Workspace workspace;
        Run* run = workspace.add(blocksOf(10));
        InductionHistory history(*run);
        history.want(run->latest());
        QVERIFY(history.measured().empty());
        QVERIFY(!history.complete());
        history.setWatched(true);
        QTRY_VERIFY(history.at(0));
    }

    void theMomentLookedAtComesFirst() {
        Workspace workspace;
        Run* run = workspace.add(blocksOf(60));
        trainBlocks(*run);
        InductionHistory history(*run);
        history.want(run->history().atOrBefore(17));
        history.setWatched(true);
        QTRY_VERIFY(!history.measured().empty());
        QVERIFY(history.at(17));
    }

    void aRunThatBeginsAgainIsMeasuredAnew() {
        Workspace workspace;
        Run* run = workspace.add(blocksOf(20));
        trainBlocks(*run);
        InductionHistory history(*run);
        history.setWatched(true);
        QTRY_VERIFY(history.complete());
        const auto before = history.measured().size();
        run->reset();
        QTRY_VERIFY(run->step() == 0);
        QTRY_VERIFY(history.complete() && history.measured().size() < before);
    }

    void beginningAndEndAloneDoNotTellWhenAHeadFormed() {
        Workspace workspace;
        Run* run = workspace.add(blocksOf(1));
        InductionHistory history(*run);
        history.setWatched(true);
        QTRY_VERIFY(history.complete());
        const auto head = history.strongest(&InductionHead::previousToken);
        QVERIFY(head && !history.formation(*head, &InductionHead::previousToken));
    }
};

QTEST_MAIN(InductionHistoryTest)
#include "induction_history_test.moc"
