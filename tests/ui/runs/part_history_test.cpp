#include "ui/runs/part_history.h"

#include "core/analysis/spans.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/validation_inputs.h"

using namespace lab;

namespace {

LoadedTask partsTask(int steps, bool spans = true) {
    Experiment experiment = smallExperiment({.d_model = 8, .steps = steps});
    experiment.model.attention.span = spans;
    experiment.model.attention.span_start = 0.5;
    experiment.model.feed_forward.kind = FeedForwardKind::experts;
    return loadTask(experiment, {});
}

void trainParts(Run& run) {
    run.train();
    QTRY_VERIFY(run.state() == RunState::finished);
}

bool allMeasured(const PartHistory& history) {
    return history.settled() && history.measured().size() == history.run()->history().size();
}

}  // namespace

class PartHistoryTest : public QObject {
    Q_OBJECT

private slots:
    void everyKeptStepIsMeasuredAsCoreMeasuresIt() {
        Workspace workspace;
        Run* run = workspace.add(partsTask(30));
        trainParts(*run);
        PartHistory history;
        history.look(run);
        history.setWatched(true);
        QTRY_VERIFY(allMeasured(history));
        QCOMPARE(history.parts().size(), std::size_t{2});
        const std::vector<Sample> samples = firstSamples(*run->dataset(), PartHistory::sampleCount);
        QCOMPARE(samples.size(), std::size_t{PartHistory::sampleCount});
        for (const CheckpointPtr& checkpoint : run->history().checkpoints()) {
            const PartHistory::Values& values = history.measured().at(checkpoint->step);
            QCOMPARE(values[0], spansOf(*run->model(), checkpoint->weights)[0].spans);
            for (std::size_t part = 0; part < 2; ++part)
                QCOMPARE(values[part], *history.parts()[part]->values(*run->model(), checkpoint->weights, samples, {}));
        }
    }

    void aModelWithoutPartsHasNothingToWaitFor() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(5));
        PartHistory history;
        history.look(run);
        history.setWatched(true);
        QVERIFY(history.parts().empty() && history.settled() && history.measured().empty());
        history.look(nullptr);
        QVERIFY(history.settled());
    }

    void nothingIsMeasuredUnwatched() {
        Workspace workspace;
        Run* run = workspace.add(partsTask(10));
        PartHistory history;
        history.look(run);
        history.want(run->latest());
        QVERIFY(history.measured().empty() && !history.settled());
        history.setWatched(true);
        QTRY_VERIFY(history.has(0));
    }

    void theMomentLookedAtComesFirst() {
        Workspace workspace;
        Run* run = workspace.add(partsTask(60));
        trainParts(*run);
        PartHistory history;
        history.look(run);
        history.want(run->history().atOrBefore(17));
        history.setWatched(true);
        QTRY_VERIFY(!history.measured().empty());
        QVERIFY(history.has(17));
    }

    void aRunThatBeginsAgainIsMeasuredAnewAndAnotherRunToo() {
        Workspace workspace;
        Run *run = workspace.add(partsTask(20)), *other = workspace.add(partsTask(5, false));
        trainParts(*run);
        PartHistory history;
        history.look(run);
        history.setWatched(true);
        QTRY_VERIFY(allMeasured(history));
        run->reset();
        QTRY_VERIFY(run->step() == 0);
        QTRY_VERIFY(allMeasured(history));
        QVERIFY(history.measured().rbegin()->first == 0);
        history.look(other);
        QCOMPARE(history.parts().size(), std::size_t{1});
        QTRY_VERIFY(allMeasured(history));
        QCOMPARE(history.measured().at(0).size(), std::size_t{1});
    }
};

QTEST_MAIN(PartHistoryTest)
#include "part_history_test.moc"
