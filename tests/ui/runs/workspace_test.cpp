#include "ui/runs/workspace.h"

#include <QSignalSpy>
#include <QtTest>
#include <limits>

#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/runs/turns.h"
#include "core/training/branch.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

class WorkspaceTest : public QObject {
    Q_OBJECT

private slots:
    void beginsPausedWithTheInitialWeights();
    void trainsToTheEndAndLosesNoRecord();
    void givesTheSameBitsAsTrainingAlone();
    void twoRunsInTurnGiveTheSameBitsAsAlone();
    void pausingSteppingAndLookingChangeNothing();
    void stepsOneAtATime();
    void keepsThePace();
    void aNewPaceHoldsAtOnce();
    void resetGivesTheSameInitialWeights();
    void nothingOldArrivesAfterAReset();
    void resumesFromAState();
    void answersWithTheFullState();
    void aBranchOfAnUnchangedRunGivesTheSameBits();
    void aBranchNamesItsParentAndResetsToItsBeginning();
    void theBestStepIsKept();
    void aBranchHasABestStepOfItsOwn();
    void pinsAndBudgetAreTold();
    void sayingWhatDivergedKeepsTheLastGoodWeights();
    void trainingDoesNotBlockTheGuiThread();
    void signalsComeSome30TimesASecondAtMost();
    void signalsComeLessOftenWherePicturesAreDear();
    void closingInTheMiddleOfTrainingJoins();
    void stopKeepsTheExactState();
    void removingARunWhileItTrainsIsFine();
    void eachRunOfAGroupGivesTheSameBitsAsAlone_data();
    void eachRunOfAGroupGivesTheSameBitsAsAlone();
    void addingAndRemovingRunsWhileOthersTrainIsSafe();
    void trainsAndPausesAllThatCan();
    void aNewRunGetsTheSmallestFreeSeries();
    void turnsServeTheOneThatTookLeast();
};

void WorkspaceTest::beginsPausedWithTheInitialWeights() {
    Workspace workspace;
    const LoadedTask task = smallTask();
    QSignalSpy added(&workspace, &Workspace::runAdded);
    Run* run = workspace.add(task);
    QCOMPARE(added.size(), 1);
    QCOMPARE(workspace.runs().size(), std::size_t{1});
    QCOMPARE(run->state(), Run::State::paused);
    QCOMPARE(run->step(), 0);
    QVERIFY(run->records().empty());
    QCOMPARE(run->history().size(), std::size_t{1});
    QVERIFY(sameBits(run->latest()->weights, initialState(*run->model(), run->experiment()).weights));
    QCOMPARE(run->tokensPerSecond(), 0.0);
    QVERIFY(run->secondsLeft() < 0);
}

void WorkspaceTest::trainsToTheEndAndLosesNoRecord() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(300));
    int told = 0;
    bool inOrder = true;
    connect(run, &Run::metricsExtended, this, [&](int from, int to) {
        inOrder = inOrder && from == told && to > from && to == static_cast<int>(run->records().size());
        told = to;
    });
    run->train();
    QCOMPARE(run->state(), Run::State::training);
    QTRY_COMPARE(run->state(), Run::State::finished);
    QVERIFY(inOrder);
    QCOMPARE(told, 300);
    for (int i = 0; i < 300; ++i) {
        const StepRecord& record = run->records()[static_cast<std::size_t>(i)];
        QCOMPARE(record.step, i + 1);
        QCOMPARE(record.validation.has_value(), (i + 1) % 20 == 0);
    }
    QCOMPARE(run->history().last()->step, 300);
    QCOMPARE(run->latest()->step, 300);
    for (std::int64_t step = 0; step <= 300; ++step)
        if (isHistoryStep(step)) QCOMPARE(run->history().atOrBefore(step)->step, step);
    QVERIFY(run->tokensPerSecond() > 0);
    QCOMPARE(run->secondsLeft(), 0.0);
    QVERIFY(run->message().isEmpty());
}

void WorkspaceTest::givesTheSameBitsAsTrainingAlone() {
    const LoadedTask task = smallTask();
    Workspace workspace;
    Run* run = workspace.add(task);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
}

void WorkspaceTest::twoRunsInTurnGiveTheSameBitsAsAlone() {
    const LoadedTask one = smallTask(80, 1);
    const LoadedTask other = smallTask(50, 2);
    Workspace workspace;
    Run* first = workspace.add(one);
    Run* second = workspace.add(other);
    first->train();
    second->train();
    QTRY_COMPARE(first->state(), Run::State::finished);
    QTRY_COMPARE(second->state(), Run::State::finished);
    QVERIFY(sameBits(first->latest()->weights, trainedAlone(one)));
    QVERIFY(sameBits(second->latest()->weights, trainedAlone(other)));
}

void WorkspaceTest::pausingSteppingAndLookingChangeNothing() {
    const LoadedTask task = smallTask(400);
    Workspace workspace;
    Run* run = workspace.add(task);
    const Sample sample = task.dataset->validationSample(0);
    Input input = tokensOnly(sample.tokens);
    input.targets = sample.targets;
    int turn = 0;
    // Looks at each new step, forward and backward, and plays with the controls meanwhile.
    connect(run, &Run::latestChanged, this, [&] {
        run->model()->trace(run->latest()->weights, input, {.intermediates = true, .gradients = true});
        if (++turn % 3 == 0) run->pause();
        if (turn % 5 == 0) run->stepOnce();
        if (turn % 2 == 0) run->requestState();
        run->setPace(turn % 2 == 0 ? 1000 : 2000);
        run->train();
    });
    run->setPace(2000);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QVERIFY(turn > 5);
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
}

void WorkspaceTest::stepsOneAtATime() {
    Workspace workspace;
    Run* run = workspace.add(smallTask());
    run->setPace(1);
    run->stepOnce();
    QTRY_COMPARE(run->step(), 1);
    run->stepOnce();
    run->stepOnce();
    QTRY_COMPARE(run->step(), 3);
    QCOMPARE(run->state(), Run::State::paused);
    QTRY_COMPARE(run->latest()->step, 3);

    run->setPace(0);
    run->train();
    run->stepOnce();
    QCOMPARE(run->state(), Run::State::paused);
    run->requestState();
    QSignalSpy answered(run, &Run::stateReady);
    QTRY_COMPARE(answered.size(), 1);
    const auto rested = run->step();
    QVERIFY(rested >= 4);
    run->requestState();
    QTRY_COMPARE(answered.size(), 2);
    QCOMPARE(run->step(), rested);
}

void WorkspaceTest::keepsThePace() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(100000));
    run->setPace(50);
    QElapsedTimer clock;
    clock.start();
    run->train();
    QTRY_VERIFY(run->step() >= 25);
    const double seconds = static_cast<double>(clock.elapsed()) / 1000.0;
    // 25 steps at 50 a second take half a second; never less, whatever the computer.
    QVERIFY2(seconds >= 0.46, qPrintable(QString::number(seconds)));
    QTRY_VERIFY(run->secondsLeft() > 0);
}

void WorkspaceTest::aNewPaceHoldsAtOnce() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(40));
    run->setPace(0.01);
    run->train();
    QTRY_COMPARE(run->step(), 1);
    run->setPace(0);
    QTRY_COMPARE(run->state(), Run::State::finished);
}

void WorkspaceTest::resetGivesTheSameInitialWeights() {
    const LoadedTask task = smallTask();
    Workspace workspace;
    Run* run = workspace.add(task);
    const Weights initial = run->latest()->weights;
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QVERIFY(!sameBits(run->latest()->weights, initial));
    QSignalSpy reset(run, &Run::wasReset);
    run->reset();
    QCOMPARE(reset.size(), 1);
    QCOMPARE(run->state(), Run::State::paused);
    QCOMPARE(run->step(), 0);
    QVERIFY(run->records().empty());
    QCOMPARE(run->history().size(), std::size_t{1});
    QVERIFY(sameBits(run->latest()->weights, initial));
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
}

void WorkspaceTest::nothingOldArrivesAfterAReset() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(100000));
    run->train();
    QTRY_VERIFY(run->step() > 20);
    run->reset();
    QSignalSpy answered(run, &Run::stateReady);
    run->requestState();
    QTRY_COMPARE(answered.size(), 1);
    QCOMPARE(answered.front().front().value<std::shared_ptr<const TrainingState>>()->step, 0);
    QCOMPARE(run->step(), 0);
    QVERIFY(run->records().empty());
    run->stepOnce();
    QTRY_COMPARE(run->step(), 1);
    QCOMPARE(run->records().size(), std::size_t{1});
}

void WorkspaceTest::resumesFromAState() {
    const LoadedTask task = smallTask();
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    for (int i = 0; i < 25; ++i) trainer.advance();

    Workspace workspace;
    Run* run = workspace.add(task, trainer.state());
    QCOMPARE(run->step(), 25);
    QCOMPARE(run->history().checkpoints().front()->step, 25);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QCOMPARE(run->records().front().step, 26);
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    run->reset();
    QCOMPARE(run->step(), 0);
    QVERIFY(sameBits(run->latest()->weights, initialState(*model, task.experiment).weights));
}

void WorkspaceTest::answersWithTheFullState() {
    Workspace workspace;
    Run* run = workspace.add(smallTask());
    run->stepOnce();
    std::shared_ptr<const TrainingState> state;
    connect(run, &Run::stateReady, this, [&](const std::shared_ptr<const TrainingState>& full) { state = full; });
    run->requestState();
    QTRY_VERIFY(state);
    QCOMPARE(state->step, 1);
    QVERIFY(!state->firstMoment.empty());
    QTRY_COMPARE(run->latest()->step, 1);
    QVERIFY(sameBits(state->weights, run->latest()->weights));
}

void WorkspaceTest::aBranchOfAnUnchangedRunGivesTheSameBits() {
    Workspace workspace;
    const LoadedTask task = smallTask(420);
    Run* run = workspace.add(task);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    for (const std::int64_t step : {203, 317}) {
        TrainingStatePtr moment;
        const auto asked = connect(run, &Run::stateAtReady, this, [&](const TrainingStatePtr& state) { moment = state; });
        run->requestStateAt(step);
        QTRY_VERIFY(moment);
        disconnect(asked);
        QCOMPARE(moment->step, step);
        Run* branch = workspace.addBranch(task, branchState(*moment, task.experiment, task.experiment), {run->name(), step});
        branch->train();
        QTRY_COMPARE(branch->state(), Run::State::finished);
        QVERIFY(sameBits(branch->latest()->weights, run->latest()->weights));
        for (const StepRecord& record : branch->records())
            QCOMPARE(record.train.loss, run->records()[static_cast<std::size_t>(record.step - 1)].train.loss);
    }
}

void WorkspaceTest::aBranchNamesItsParentAndResetsToItsBeginning() {
    Workspace workspace;
    const LoadedTask task = smallTask(40);
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (trainer.state().step < 24) trainer.advance();
    LoadedTask changed = task;
    changed.experiment.training.optimizer.kind = "sgd";
    const TrainingState start = branchState(trainer.state(), task.experiment, changed.experiment);
    QVERIFY(start.secondMoment.empty());
    Run* branch = workspace.addBranch(changed, start, {QStringLiteral("small"), 24});
    QCOMPARE(branch->name(), QStringLiteral("small \u00B7 from step 24"));
    QCOMPARE(branch->origin(), std::optional(RunOrigin{QStringLiteral("small"), 24}));
    branch->train();
    QTRY_COMPARE(branch->state(), Run::State::finished);
    branch->reset();
    QCOMPARE(branch->step(), 24);
    QVERIFY(sameBits(branch->latest()->weights, trainer.state().weights));

    changed.experiment.training.steps = 24;
    QVERIFY_THROWS_EXCEPTION(InputError, branchState(trainer.state(), task.experiment, changed.experiment));
    changed = task;
    changed.experiment.model.d_model = 32;
    QVERIFY_THROWS_EXCEPTION(InputError, branchState(trainer.state(), task.experiment, resolved(changed.experiment)));
}

void WorkspaceTest::theBestStepIsKept() {
    Workspace workspace;
    LoadedTask task = smallTask(400);
    task.experiment.training.validate_every = 7;
    Run* run = workspace.add(task);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    const StepRecord* best = nullptr;
    for (const StepRecord& record : run->records())
        if (record.validation && (!best || record.validation->loss < best->validation->loss)) best = &record;
    QCOMPARE(run->history().bestStep(), std::optional(best->step));
    QCOMPARE(run->history().atOrBefore(best->step)->step, best->step);
}

/// Early stop counts what the parent reached; the branch's best step is one of its own all the same.
void WorkspaceTest::aBranchHasABestStepOfItsOwn() {
    Workspace workspace;
    LoadedTask task = smallTask(60);
    task.experiment.training.validate_every = 7;
    const auto model = std::make_shared<const Model>(task.experiment.model);
    TrainingState start = initialState(*model, task.experiment);
    start.best = {.loss = 1e-9, .step = 0, .since = 0};
    Run* branch = workspace.addBranch(task, std::move(start), {"parent", 0});
    branch->train();
    QTRY_COMPARE(branch->state(), Run::State::finished);
    const StepRecord* best = nullptr;
    for (const StepRecord& record : branch->records())
        if (record.validation && (!best || record.validation->loss < best->validation->loss)) best = &record;
    QCOMPARE(branch->history().bestStep(), std::optional(best->step));
    QCOMPARE(branch->history().atOrBefore(best->step)->step, best->step);
}

void WorkspaceTest::pinsAndBudgetAreTold() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(120));
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QSignalSpy pinned(run, &Run::pinsChanged), extended(run, &Run::historyExtended);
    run->pin(run->history().atOrBefore(13), QStringLiteral("thirteen"));
    QCOMPARE(pinned.size(), 1);
    workspace.setHistoryBudget(std::size_t{1} << 10);
    QCOMPARE(extended.size(), 1);
    QCOMPARE(run->history().atOrBefore(13)->step, 13);
    QVERIFY(run->history().size() < 10);
    run->unpin(13);
    QCOMPARE(pinned.size(), 2);
    QVERIFY(run->history().pins().empty());
}

void WorkspaceTest::sayingWhatDivergedKeepsTheLastGoodWeights() {
    const LoadedTask task = smallTask();
    const Model model(task.experiment.model);
    TrainingState broken = initialState(model, task.experiment);
    broken.weights[0] = std::numeric_limits<float>::infinity();
    Workspace workspace;
    Run* run = workspace.add(task, broken);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::diverged);
    QVERIFY2(run->message().contains(QStringLiteral("tep 1")), qPrintable(run->message()));
    QVERIFY2(run->message().contains(QStringLiteral("finite")), qPrintable(run->message()));
    QCOMPARE(run->latest()->step, 0);
    run->train();  // only a reset helps
    QCOMPARE(run->state(), Run::State::diverged);
    run->reset();
    QCOMPARE(run->state(), Run::State::paused);
    QVERIFY(run->message().isEmpty());
}

void WorkspaceTest::trainingDoesNotBlockTheGuiThread() {
    Experiment experiment = smallTask(100000).experiment;
    // Steps that take far longer than a frame.
    experiment.task.seq_len = 64;
    experiment.model.d_model = 64;
    experiment.training.batch_size = 1024;
    experiment.task.train_size = 2048;
    experiment.model.max_seq_len.reset();
    experiment.model.d_ff.reset();
    Workspace workspace;
    Run* run = workspace.add(loadTask(experiment, {}));
    int beats = 0;
    std::vector<int> beatsOfSteps;
    connect(run, &Run::metricsExtended, this, [&] {
        beatsOfSteps.push_back(beats);
        beats = 0;
    });
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        ++beats;
        // Nothing that is asked of a run waits for the step under way.
        run->requestState();
        run->setPace(0);
        run->pause();
        run->train();
    });
    run->train();
    timer.start(2);
    QTRY_VERIFY_WITH_TIMEOUT(beatsOfSteps.size() >= 3, lab::patience);
    for (const int each : beatsOfSteps) QVERIFY2(each >= 4, qPrintable(QString::number(each)));
}

void WorkspaceTest::signalsComeSome30TimesASecondAtMost() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(2'000'000));
    QSignalSpy extended(run, &Run::metricsExtended);
    QElapsedTimer clock;
    clock.start();
    run->train();
    QTRY_VERIFY(extended.size() >= 12);
    QVERIFY(clock.elapsed() >= 11 * 30);
    QVERIFY(run->step() > extended.size());

    workspace.setWatched(false);
    const auto before = extended.size();
    clock.restart();
    QTRY_VERIFY(extended.size() >= before + 2);
    QVERIFY(clock.elapsed() >= 450);
}

/// Painting is delivered by timers and by posted events; both count.
void WorkspaceTest::signalsComeLessOftenWherePicturesAreDear() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(1000000));
    constexpr double secondsOfWork = 0.004;
    const auto work = [] {
        const double begin = threadSeconds();
        while (threadSeconds() < begin + secondsOfWork) {
        }
    };
    constexpr int learning = 12, counted = 5;
    int heard = 0;
    QElapsedTimer clock;
    connect(run, &Run::metricsExtended, this, [&] {
        if (++heard == learning) clock.start();
        if (heard == learning + counted) return run->pause();
        work();
        QTimer::singleShot(5, this, work);
    });
    run->setPace(0);
    run->train();
    QTRY_VERIFY_WITH_TIMEOUT(heard >= learning + counted, lab::patience);
    // 8 ms of work in each: 30 a second would make 165 ms.
    QVERIFY2(clock.elapsed() >= counted * 60, qPrintable(QString::number(clock.elapsed())));
}

void WorkspaceTest::closingInTheMiddleOfTrainingJoins() {
    QPointer<Run> run;
    {
        Workspace workspace;
        run = workspace.add(smallTask(1'000'000));
        run->train();
        QTRY_VERIFY(run->step() > 5);
    }
    QVERIFY(!run);
    QCoreApplication::processEvents();
}

void WorkspaceTest::stopKeepsTheExactState() {
    const LoadedTask task = smallTask(5000);
    Workspace workspace;
    Run* run = workspace.add(task);
    run->train();
    QTRY_VERIFY(run->step() > 5);
    workspace.stop();
    const auto state = workspace.finalState(run);
    QVERIFY(state);
    QCOMPARE(run->step(), state->step);  // the last records were told, too
    run->train();                        // no longer does anything, and harms nothing

    Trainer trainer(task.experiment, run->model(), task.dataset, initialState(*run->model(), task.experiment));
    while (trainer.state().step < state->step) trainer.advance();
    QVERIFY(sameBits(trainer.state().weights, state->weights));
}

void WorkspaceTest::removingARunWhileItTrainsIsFine() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(1'000'000));
    Run* other = workspace.add(smallTask(50));
    QSignalSpy removed(&workspace, &Workspace::runAboutToBeRemoved);
    // From within its own signal: the hardest case.
    connect(run, &Run::metricsExtended, this, [&] { workspace.remove(run); });
    run->train();
    QTRY_COMPARE(removed.size(), 1);
    QCOMPARE(workspace.runs().size(), std::size_t{1});
    other->train();
    QTRY_COMPARE(other->state(), Run::State::finished);
}

void WorkspaceTest::eachRunOfAGroupGivesTheSameBitsAsAlone_data() {
    QTest::addColumn<Turns>("turns");
    QTest::newRow("equal steps") << Turns::steps;
    QTest::newRow("equal time") << Turns::time;
}

/// Four variants that differ in what a step computes, looked at all the while.
void WorkspaceTest::eachRunOfAGroupGivesTheSameBitsAsAlone() {
    QFETCH(Turns, turns);
    Workspace workspace;
    workspace.setTurns(turns);
    std::vector<LoadedTask> tasks;
    for (const AttentionForm form : {AttentionForm::qkv, AttentionForm::kv, AttentionForm::kv_pos}) {
        Experiment experiment = smallTask(120).experiment;
        experiment.model.attention.form = form;
        tasks.push_back(loadTask(experiment, {}));
    }
    Experiment larger = smallTask(90, 7).experiment;
    larger.model.d_model = 32;
    larger.model.d_ff.reset();
    larger.model.dropout = 0.1;
    tasks.push_back(loadTask(larger, {}));
    const Input input = tokensOnly(tasks.front().dataset->validationSample(0).tokens);
    for (const LoadedTask& task : tasks) {
        Run* run = workspace.add(task);
        connect(run, &Run::latestChanged, this, [run, input] { run->model()->trace(run->latest()->weights, input); });
    }
    workspace.trainAll();
    for (Run* run : workspace.runs()) QTRY_COMPARE(run->state(), Run::State::finished);
    for (std::size_t i = 0; i < tasks.size(); ++i) QVERIFY(sameBits(workspace.runs()[i]->latest()->weights, trainedAlone(tasks[i])));
}

void WorkspaceTest::addingAndRemovingRunsWhileOthersTrainIsSafe() {
    const LoadedTask task = smallTask(400);
    Workspace workspace;
    Run* kept = workspace.add(task);
    kept->setPace(400);  // so that much happens meanwhile
    kept->train();
    QPointer<Run> passing;
    int changes = 0;
    connect(kept, &Run::metricsExtended, this, [&] {
        if (passing && passing->step() == 0) return;
        if (passing) workspace.remove(passing);
        passing = workspace.add(smallTask(1000, static_cast<std::uint64_t>(100 + changes)));
        passing->train();
        workspace.setTurns(++changes % 2 == 0 ? Turns::steps : Turns::time);
    });
    QTRY_COMPARE(kept->state(), Run::State::finished);
    QVERIFY(changes > 2);
    QCOMPARE(workspace.runs().size(), std::size_t{2});
    QVERIFY(sameBits(kept->latest()->weights, trainedAlone(task)));
}

void WorkspaceTest::trainsAndPausesAllThatCan() {
    Workspace workspace;
    Run* done = workspace.add(smallTask(3));
    done->train();
    QTRY_COMPARE(done->state(), Run::State::finished);
    Run* first = workspace.add(smallTask(1000000));
    Run* second = workspace.add(smallTask(1000000, 2));
    QVERIFY(workspace.anyPaused() && !workspace.anyTraining());
    workspace.trainAll();
    QCOMPARE(first->state(), Run::State::training);
    QCOMPARE(second->state(), Run::State::training);
    QCOMPARE(done->state(), Run::State::finished);
    QVERIFY(workspace.anyTraining() && !workspace.anyPaused());
    QTRY_VERIFY(first->step() > 5 && second->step() > 5);
    workspace.pauseAll();
    QCOMPARE(first->state(), Run::State::paused);
    QCOMPARE(second->state(), Run::State::paused);
    QCOMPARE(done->state(), Run::State::finished);
}

void WorkspaceTest::aNewRunGetsTheSmallestFreeSeries() {
    Workspace workspace;
    Run* first = workspace.add(smallTask());
    Run* second = workspace.add(smallTask());
    QCOMPARE(first->series(), 0);
    QCOMPARE(second->series(), 1);
    workspace.remove(first);
    QCOMPARE(workspace.add(smallTask())->series(), 0);
    QCOMPARE(workspace.add(smallTask())->series(), 2);
    second->setSeries(5);
    QCOMPARE(workspace.add(smallTask())->series(), 1);
}

/// A step of `slow` takes three times as long as one of `quick`.
void WorkspaceTest::turnsServeTheOneThatTookLeast() {
    const auto shares = [](Turns turns) {
        TurnAccount slow, quick;
        for (int i = 0; i < 400; ++i) {
            if (slow.taken(turns) <= quick.taken(turns))
                slow.add(3);
            else
                quick.add(1);
        }
        return std::pair(slow.steps, quick.steps);
    };
    QCOMPARE(shares(Turns::steps), std::pair(200.0, 200.0));
    QCOMPARE(shares(Turns::time), std::pair(100.0, 300.0));
    TurnAccount late, one, other;
    one.add(2);
    one.add(2);
    other.add(9);
    late.join({&one, &other});
    QCOMPARE(late.steps, 1.0);
    QCOMPARE(late.seconds, 4.0);
}

QTEST_GUILESS_MAIN(WorkspaceTest)
#include "workspace_test.moc"
