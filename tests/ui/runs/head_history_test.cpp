#include "ui/runs/head_history.h"

#include <QSignalSpy>
#include <QtTest>
#include <cmath>

#include "core/analysis/uniform_maps.h"
#include "core/data/guessing.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/head_measure.h"

using namespace lab;

namespace {

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

/// Its sequences take longer than a portion of measuring.
LoadedTask longTask() {
    Experiment experiment = smallTask(60).experiment;
    experiment.task.seq_len = 700;
    experiment.task.train_size = 32;
    experiment.training.batch_size = 1;
    experiment.training.validate_every = 1000;
    experiment.model.max_seq_len.reset();
    return loadTask(experiment, {});
}

/// A run whose heads take a job to measure, and who looks at them.
struct Measured {
    void look() {
        run->train();
        QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, lab::patience);
        history.setWatched(true);
        history.look(run, input);
        QTRY_VERIFY_WITH_TIMEOUT(history.job(), lab::patience);
    }
    Workspace workspace;
    Run* run = workspace.add(longTask());
    HeadHistory history;
    Input input = tokensOnly(std::vector<int>(700, 1));
};

}  // namespace

class HeadHistoryTest : public QObject {
    Q_OBJECT

private slots:
    void measuresEveryKeptStepAsItsOwnTraceSays() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(40));
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        const Input input = tokensOnly({1, 4, 2, 2, 0, 3});
        HeadHistory history;
        history.setWatched(true);
        history.look(run, input);
        QTRY_VERIFY(history.complete());
        const auto& kept = run->history().checkpoints();
        QCOMPARE(history.steps().size(), kept.size());
        QCOMPARE(history.pending(), 0);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            QCOMPARE(history.steps()[i], kept[i]->step);
            const auto expected = allHeadMetrics(*run->model(), run->experiment().task, run->model()->trace(kept[i]->weights, input));
            for (int head = 0; head < 2; ++head)
                for (const HeadMetric metric : headMetricList)
                    QVERIFY(same(history.values(head, metric)[i], expected[static_cast<std::size_t>(head)][metric]));
        }
        const auto values = history.values(0, HeadMetric::agreement);
        const auto expected = formationOf(history.steps(), values), found = history.formation(0, HeadMetric::agreement);
        const double loss = run->records().back().validation->loss;
        QCOMPARE(found.has_value(), expected.has_value() && !isGuessing(loss, run->guesses().uniform.loss));
        if (found) QCOMPARE(found->step, expected->step);
        QVERIFY(!history.formation(0, HeadMetric::entropy));  // no share
    }

    /// So large a step ruins the answers; the maps become sharp all the same.
    void nothingFormsInARunThatGuesses() {
        LoadedTask task = smallTask(60);
        task.experiment.training.optimizer.learning_rate = 0.5;
        Workspace workspace;
        Run* run = workspace.add(task);
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        QVERIFY(isGuessing(run->records().back().validation->loss, run->guesses().uniform.loss));
        HeadHistory history;
        history.setWatched(true);
        history.look(run, tokensOnly({1, 4, 2, 2, 0, 3}));
        QTRY_VERIFY(history.complete());
        int grown = 0;
        for (int head = 0; head < 2; ++head)
            for (const HeadMetric metric : headMetricList) {
                if (isMass(metric) && formationOf(history.steps(), history.values(head, metric))) ++grown;
                QVERIFY(!history.formation(head, metric));
            }
        QVERIFY(grown > 0);
    }

    void aHeadBearsItsNameFromAStepOn() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(1500));
        run->setPace(0);
        run->train();
        QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, lab::patience);
        const Input input = tokensOnly({1, 4, 2, 2, 0, 3});
        HeadHistory history;
        history.setWatched(true);
        history.look(run, input);
        QTRY_VERIFY_WITH_TIMEOUT(history.complete() && history.steps().back() == run->history().checkpoints().back()->step, lab::patience);
        const auto& kept = run->history().checkpoints();
        int named = 0;
        for (int head = 0; head < 2; ++head) {
            std::vector<HeadKind> kinds;
            for (const CheckpointPtr& checkpoint : kept) {
                const Trace trace = run->model()->trace(checkpoint->weights, input);
                kinds.push_back(headKind(allHeadMetrics(*run->model(), run->experiment().task, trace)[static_cast<std::size_t>(head)]));
            }
            const auto metric = metricOf(kinds.back());
            QVERIFY(!history.namedFrom(head, HeadMetric::entropy));
            if (!metric) continue;
            ++named;
            std::size_t first = kinds.size() - 1;
            while (first > 0 && kinds[first - 1] == kinds.back()) --first;
            QCOMPARE(history.namedFrom(head, *metric), std::optional(kept[first]->step));
            QVERIFY(first > 0);
        }
        QVERIFY(named > 0);
    }

    void nothingIsMeasuredUnwatched() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(10));
        HeadHistory history;
        QSignalSpy spy(&history, &HeadHistory::changed);
        history.look(run, tokensOnly({1, 4, 2, 2, 0, 3}));
        spy.clear();
        QCoreApplication::processEvents();
        QVERIFY(history.empty() && spy.isEmpty());
        history.setWatched(true);
        QTRY_VERIFY(history.complete());
        QCOMPARE(history.steps(), std::vector<std::int64_t>{0});
    }

    void newerStepsOnlyMakeTheCurveLonger() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(10));
        const Input input = tokensOnly({1, 4, 2, 2, 0, 3});
        HeadHistory history;
        history.setWatched(true);
        history.look(run, input);
        QTRY_VERIFY(history.complete());
        history.setWatched(false);
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        history.setWatched(true);
        history.look(run, input);
        QVERIFY(history.complete());
        QCOMPARE(history.pending(), 0);
        QTRY_COMPARE(history.steps().size(), run->history().size());
        QVERIFY(history.complete());
    }

    void anotherInputOrAResetBeginsAnew() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(10));
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        HeadHistory history;
        history.setWatched(true);
        history.look(run, tokensOnly({1, 4, 2, 2, 0, 3}));
        QTRY_VERIFY(history.complete());
        const auto before = history.values(0, HeadMetric::entropy);
        history.look(run, tokensOnly({0, 0, 1, 3, 3, 4}));
        QVERIFY(history.empty());
        QTRY_VERIFY(history.complete());
        QVERIFY(history.values(0, HeadMetric::entropy) != before);
        run->reset();
        QVERIFY(history.empty());
        history.look(run, tokensOnly({0, 0, 1, 3, 3, 4}));
        QTRY_VERIFY(history.complete());
        QCOMPARE(history.steps(), std::vector<std::int64_t>{0});
    }

    void anInputThatTheModelCannotTakeIsAnError() {
        Workspace workspace;
        HeadHistory history;
        history.setWatched(true);
        history.look(workspace.add(smallTask(10)), tokensOnly({77}));
        QTRY_VERIFY(history.error().contains("Token 77"));
        QVERIFY(!history.complete());
    }

    void whatTakesLongIsListedAmongTheJobs() {
        Workspace workspace;
        Run* run = workspace.add(longTask());
        run->train();
        QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, lab::patience);
        HeadHistory history;
        QSignalSpy announced(&history, &HeadHistory::announced);
        history.setWatched(true);
        history.look(run, tokensOnly(std::vector<int>(700, 1)));
        QTRY_VERIFY_WITH_TIMEOUT(history.job(), lab::patience);
        const JobPtr job = history.job();
        QCOMPARE(announced.size(), 1);
        QCOMPARE(workspace.jobs().list(), std::vector<JobPtr>{job});
        QCOMPARE(workspace.jobs().active(), 1);
        QCOMPARE(job->runName(), run->name());
        QCOMPARE(job->total(), static_cast<int>(run->history().size()));
        QCOMPARE(job->done(), static_cast<int>(history.steps().size()));
        QTRY_VERIFY_WITH_TIMEOUT(history.complete(), lab::patience);
        QCOMPARE(job->state(), Job::State::finished);
        QCOMPARE(job->done(), job->total());
        QCOMPARE(workspace.jobs().active(), 0);
        QVERIFY(!history.job());
    }

    void cancellingTheJobStopsMeasuringUntilItGoesOn() {
        Measured measured;
        measured.look();
        auto& [workspace, run, history, input] = measured;
        QVERIFY(history.job());
        workspace.jobs().cancelAll();
        QVERIFY(history.stopped() && !history.job() && !history.complete());
        const std::size_t known = history.steps().size();
        QVERIFY(known < run->history().size());
        history.look(run, input);
        QCoreApplication::processEvents();
        QVERIFY(history.stopped());
        QCOMPARE(history.steps().size(), known);  // kept
        history.goOn();
        QTRY_VERIFY_WITH_TIMEOUT(history.complete(), lab::patience);
        QCOMPARE(history.steps().size(), run->history().size());
        QVERIFY(!history.stopped());
    }

    void theJobGoesWithTheOneWhoLooked() {
        Measured measured;
        measured.look();
        auto& [workspace, run, history, input] = measured;
        QVERIFY(history.job());
        history.setWatched(false);
        QVERIFY(!history.job() && workspace.jobs().list().empty() && !history.stopped());
        history.setWatched(true);
        QTRY_VERIFY_WITH_TIMEOUT(history.job() || history.complete(), lab::patience);
        workspace.remove(run);
        QVERIFY(!history.job() && workspace.jobs().list().empty());
    }

    void theNewestTraceIsMeasured() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(10));
        const auto traceOf = [run](std::vector<int> tokens) {
            return std::make_shared<const Trace>(run->model()->trace(run->latest()->weights, tokensOnly(std::move(tokens))));
        };
        HeadMeasure measure;
        const auto first = traceOf({1, 4, 2, 2, 0, 3}), second = traceOf({0, 1, 1, 2, 4, 4}), third = traceOf({3, 3, 3, 2, 1, 0});
        std::int64_t step = 0;
        for (const auto& trace : {first, second, third}) measure.look(run->model(), run->experiment().task, trace, ++step);
        QTRY_COMPARE(measure.trace(), third);
        QCOMPARE(measure.step(), 3);
        const auto expected = allHeadMetrics(*run->model(), run->experiment().task, *third);
        QCOMPARE(measure.metrics().size(), expected.size());
        for (std::size_t head = 0; head < expected.size(); ++head)
            for (const HeadMetric metric : headMetricList) QVERIFY(same(measure.metrics()[head][metric], expected[head][metric]));
    }

    /// Numbers that change with each picture of a training could not be read.
    void aTrainingThatIsFollowedIsMeasuredNowAndThen() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(10));
        const auto trace = [run] {
            return std::make_shared<const Trace>(run->model()->trace(run->latest()->weights, tokensOnly({1, 4, 2})));
        };
        HeadMeasure measure;
        QSignalSpy measured(&measure, &HeadMeasure::measured);
        const auto look = [&](const std::shared_ptr<const Trace>& at, bool follows) {
            measure.look(run->model(), run->experiment().task, at, 0, follows);
        };
        const auto first = trace(), passed = trace(), paused = trace(), later = trace();
        look(first, true);
        QTRY_COMPARE(measure.trace(), first);
        look(passed, true);
        look(paused, false);  // a training that has ended is measured at once
        QTRY_COMPARE(measure.trace(), paused);
        QCOMPARE(measured.size(), 2);
        look(later, true);
        QTRY_COMPARE(measure.trace(), later);
    }
};

QTEST_GUILESS_MAIN(HeadHistoryTest)
#include "head_history_test.moc"
