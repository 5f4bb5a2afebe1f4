// The open runs without a window: no class of Qt's takes part, QTest only runs the functions.

#include "core/runs/training_runs.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <thread>

#include "core/base/errors.h"
#include "core/runs/session_run.h"
#include "core/training/branch.h"
#include "tests/core/runs/owner_thread.h"
#include "tests/core/runs/small_task.h"

using namespace lab;

namespace {

/// Runs and their owner, who takes the news as soon as it is woken and remembers what it was told.
class Room {
public:
    TrainingRunPtr add(const LoadedTask& task) { return runs.add(task); }
    bool until(const std::function<bool()>& reached) { return owner.runUntil(reached); }
    bool untilState(const TrainingRunPtr& run, RunState state) {
        return until([&] { return run->state() == state; });
    }
    bool untilStep(const TrainingRunPtr& run, std::int64_t step) {
        return until([&] { return run->step() >= step; });
    }

    OwnerThread owner;
    std::atomic<int> wakes = 0;
    std::vector<std::pair<const TrainingRun*, RunEvents>> told;
    std::function<void(TrainingRun&, const RunEvents&)> hook;
    TrainingRuns runs{[this] {
                          ++wakes;
                          owner.post()([this] { runs.take(); });
                      },
                      [this](TrainingRun& run, const RunEvents& events) {
                          told.emplace_back(&run, events);
                          if (hook) hook(run, events);
                      }};
};

/// Data that can be read to a certain sample only.
class TornDataset : public Dataset {
public:
    explicit TornDataset(std::shared_ptr<const Dataset> whole) : m_whole(std::move(whole)) {}

    int trainSize() const override { return m_whole->trainSize(); }
    int validationSize() const override { return m_whole->validationSize(); }
    int testSize() const override { return m_whole->testSize(); }
    Sample trainSample(int i) const override {
        if (m_read++ > 40) throw InputError("task.path", Message::verbatim("line 77 is torn"));
        return m_whole->trainSample(i);
    }
    Sample validationSample(int i) const override { return m_whole->validationSample(i); }
    Sample testSample(int i) const override { return m_whole->testSample(i); }
    const Tokenizer& tokenizer() const override { return m_whole->tokenizer(); }

private:
    std::shared_ptr<const Dataset> m_whole;
    mutable std::atomic<int> m_read = 0;
};

}  // namespace

class TrainingRunsTest : public QObject {
    Q_OBJECT

private slots:
    void beginsPausedWithTheInitialWeights() {
        Room room;
        const auto run = room.add(smallTask());
        QVERIFY(run->state() == RunState::paused && run->step() == 0 && run->records().empty());
        QCOMPARE(run->name(), std::string("small"));
        QCOMPARE(run->history().size(), std::size_t{1});
        QVERIFY(sameBits(run->latest()->weights, initialState(*run->model(), run->experiment()).weights));
    }

    void twoRunsInTurnGiveTheSameBitsAsATrainerAlone() {
        for (const Turns turns : {Turns::steps, Turns::time}) {
            const LoadedTask one = smallTask(80, 1), other = smallTask(50, 2);
            Room room;
            room.runs.setTurns(turns);
            const auto first = room.add(one), second = room.add(other);
            first->train();
            second->train();
            QVERIFY(room.untilState(first, RunState::finished));
            QVERIFY(room.untilState(second, RunState::finished));
            QVERIFY(sameBits(first->latest()->weights, trainedAlone(one)));
            QVERIFY(sameBits(second->latest()->weights, trainedAlone(other)));
        }
    }

    void theyTakeTurns() {
        Room room;
        const auto first = room.add(smallTask(1'000'000, 1)), second = room.add(smallTask(1'000'000, 2));
        first->train();
        second->train();
        QVERIFY(room.until([&] { return first->step() > 0 && second->step() > 0; }));
        const std::int64_t before = first->step() - second->step();
        QVERIFY(room.untilStep(first, first->step() + 100));
        QVERIFY(std::abs(first->step() - second->step() - before) <= 2);  // news are taken between any two steps
    }

    void noRecordIsLostAndThoseToldAreTheNextOnes() {
        Room room;
        const auto run = room.add(smallTask(300));
        int told = 0;
        bool inOrder = true;
        room.hook = [&](TrainingRun&, const RunEvents& events) {
            if (events.from == events.to) return;
            inOrder = inOrder && events.from == told;
            told = events.to;
        };
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        QVERIFY(inOrder);
        QCOMPARE(told, 300);
        for (int i = 0; i < 300; ++i) QCOMPARE(run->records()[static_cast<std::size_t>(i)].step, i + 1);
        for (std::int64_t step = 0; step <= 300; ++step)
            if (isHistoryStep(step)) QCOMPARE(run->history().atOrBefore(step)->step, step);
    }

    void wakesOnceUntilTheNewsAreTaken() {
        int wakes = 0;
        Mailbox mailbox([&] { ++wakes; });
        const auto record = [](std::int64_t step) { return [step](RunNews& news) { news.records.emplace_back().step = step; }; };
        for (int step = 1; step <= 3; ++step) mailbox.post(7, 0, record(step));
        mailbox.post(8, 0, record(1));
        QCOMPARE(wakes, 1);
        auto news = mailbox.take();
        QCOMPARE(news.size(), std::size_t{2});
        QCOMPARE(news.at(7).records.size(), std::size_t{3});
        QVERIFY(mailbox.take().empty());
        mailbox.post(7, 0, record(4));
        mailbox.post(7, 1, record(1));  // after a reset: what was told before is void
        QCOMPARE(wakes, 2);
        news = mailbox.take();
        QCOMPARE(news.at(7).records.size(), std::size_t{1});
        QCOMPARE(news.at(7).generation, 1);
    }

    void newsThatNobodyTookAreToldAtTheStop() {
        const LoadedTask task = smallTask(1'000'000);
        std::atomic<int> wakes = 0;
        int told = 0;
        TrainingRuns runs([&] { ++wakes; }, [&](TrainingRun&, const RunEvents& events) { told = std::max(told, events.to); });
        const auto run = runs.add(task);
        run->train();
        while (wakes == 0) std::this_thread::yield();
        QCOMPARE(told, 0);
        runs.stop();
        QCOMPARE(wakes.load(), 1);
        QVERIFY(told > 0);
        QCOMPARE(run->step(), runs.finalState(*run)->step);
    }

    void pausingSteppingAndLookingChangeNothing() {
        const LoadedTask task = smallTask(400);
        Room room;
        const auto run = room.add(task);
        int turn = 0;
        room.hook = [&](TrainingRun&, const RunEvents& events) {
            if (!events.latest) return;
            run->model()->trace(run->latest()->weights, tokensOnly({1, 2, 3, 4, 1, 2}));
            if (++turn % 3 == 0) run->pause();
            if (turn % 5 == 0) run->stepOnce();
            if (turn % 2 == 0) run->requestState();
            run->standAside();
            run->train();
        };
        run->setPace(2000);
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        QVERIFY(turn > 5);
        QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    }

    void resetGivesTheSameRunAgain() {
        const LoadedTask task = smallTask();
        Room room;
        const auto run = room.add(task);
        run->train();
        QVERIFY(room.untilStep(run, 10));
        run->reset();
        QVERIFY(run->state() == RunState::paused && run->step() == 0 && run->records().empty());
        QVERIFY(room.told.back().second.reset && room.told.back().second.state);
        room.owner.runPosted();  // news of before are void
        QCOMPARE(run->step(), std::int64_t{0});
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        QCOMPARE(run->records().size(), std::size_t{60});
        QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    }

    void aBranchGoesOnFromAMomentThatIsRecomputed() {
        const LoadedTask task = smallTask(420);
        Room room;
        const auto run = room.add(task);
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        TrainingStatePtr moment;
        room.hook = [&](TrainingRun&, const RunEvents& events) {
            if (!events.statesAt.empty()) moment = events.statesAt.front();
        };
        run->requestStateAt(317);
        QVERIFY(room.until([&] { return moment != nullptr; }));
        QCOMPARE(moment->step, std::int64_t{317});
        const auto branch =
            room.runs.add(task, branchState(*moment, task.experiment, task.experiment), TrainingRun::Origin{run->name(), 317});
        branch->train();
        QVERIFY(room.untilState(branch, RunState::finished));
        QVERIFY(sameBits(branch->latest()->weights, run->latest()->weights));
        branch->reset();
        QCOMPARE(branch->step(), std::int64_t{317});
        QVERIFY(sameBits(branch->latest()->weights, moment->weights));
    }

    void aThinnedMomentComesBackExactly() {
        const LoadedTask task = smallTask(300);
        Room room;
        const auto run = room.add(task);
        run->setHistoryBudget(20 * run->latest()->weights.size() * sizeof(float));
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        QVERIFY(run->history().atOrBefore(251)->step < 251);
        CheckpointPtr again;
        room.hook = [&](TrainingRun&, const RunEvents& events) {
            if (events.weightsAt) again = events.weightsAt;
        };
        run->requestWeightsAt(251);
        QVERIFY(room.until([&] { return again && again->step == 251; }));
        Trainer trainer(task.experiment, run->model(), task.dataset, initialState(*run->model(), task.experiment));
        while (trainer.state().step < 251) trainer.advance();
        QVERIFY(sameBits(again->weights, trainer.state().weights));
    }

    void beforeItsBeginningNothingCanBeBranchedFrom() {
        const LoadedTask task = smallTask();
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
        while (trainer.state().step < 25) trainer.advance();
        Room room;
        const auto run = room.runs.add(task, trainer.state());
        RunPast past;
        past.firstStep = 5;
        past.records.resize(20);
        for (std::int64_t step = 6; step <= 25; ++step) past.records[static_cast<std::size_t>(step - 6)].step = step;
        past.checkpoints = {std::make_shared<Checkpoint>(Checkpoint{24, run->latest()->weights})};
        run->remember(std::move(past));
        QVERIFY(room.told.back().second.reset && room.told.back().second.pins);
        QCOMPARE(run->step(), std::int64_t{25});
        Message why;
        room.hook = [&](TrainingRun&, const RunEvents& events) { why = events.replayError; };
        run->requestStateAt(10);
        QVERIFY(room.until([&] { return !why.empty(); }));
        QVERIFY(why.english().find("25") != std::string::npos);
        run->requestStateAt(30);  // not done yet: nothing is asked
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    }

    void historiesShareTheBudget() {
        Room room;
        const auto first = room.add(smallTask(120));
        room.runs.setHistoryBudget(std::size_t{1} << 20);
        QCOMPARE(first->history().budget(), std::size_t{1} << 20);
        const auto second = room.add(smallTask(120, 2));
        QCOMPARE(first->history().budget(), std::size_t{1} << 19);
        QCOMPARE(second->history().budget(), std::size_t{1} << 19);
        first->train();
        QVERIFY(room.untilState(first, RunState::finished));
        room.told.clear();
        room.runs.setHistoryBudget(std::size_t{1} << 11);
        QCOMPARE(room.told.size(), std::size_t{2});
        QVERIFY(room.told[0].second.history && room.told[1].second.history);
        QVERIFY(first->history().size() < 20);
        room.runs.remove(*second);
        QCOMPARE(first->history().budget(), std::size_t{1} << 11);
    }

    void divergenceIsToldBehindTheLastRecordAndKeepsTheLastGoodWeights() {
        const LoadedTask task = smallTask();
        TrainingState broken = initialState(Model(task.experiment.model), task.experiment);
        broken.weights[0] = std::numeric_limits<float>::infinity();
        Room room;
        const auto run = room.runs.add(task, broken);
        run->train();
        QVERIFY(room.untilState(run, RunState::diverged));
        QVERIFY(run->message().english().find("finite") != std::string::npos);
        QCOMPARE(run->latest()->step, std::int64_t{0});
        QVERIFY(room.told.back().second.state);
        run->train();  // only a reset helps
        QVERIFY(run->state() == RunState::diverged);
        run->reset();
        QVERIFY(run->state() == RunState::paused && run->message().empty());
    }

    /// A learning rate at which the weights leave the floats after some steps.
    void aRunThatDivergesLaterHasToldAllItsRecords() {
        LoadedTask task = smallTask(5000);
        task.experiment.training.optimizer.kind = "sgd";
        task.experiment.training.optimizer.learning_rate = 1e30;
        task.experiment.training.clip_norm = 0;
        Room room;
        const auto run = room.add(task);
        run->train();
        QVERIFY(room.untilState(run, RunState::diverged));
        QCOMPARE(run->latest()->step, run->step());
        QCOMPARE(run->history().last()->step, run->step());
        QCOMPARE(static_cast<std::int64_t>(run->records().size()), run->step());
    }

    void aFailureOfAnotherKindIsASentenceToo() {
        LoadedTask task = smallTask(5000);
        task.dataset = std::make_shared<TornDataset>(task.dataset);
        Room room;
        const auto run = room.add(task);
        const auto other = room.add(smallTask(20));
        run->train();
        other->train();
        QVERIFY(room.untilState(run, RunState::failed));
        QCOMPARE(run->message().english(), std::string("task.path: line 77 is torn"));
        QVERIFY(run->step() > 0);
        QCOMPARE(run->latest()->step, run->step());           // behind the last record, with the last good weights
        QVERIFY(room.untilState(other, RunState::finished));  // it goes on without it
    }

    void stopJoinsAndKeepsTheExactState() {
        const LoadedTask task = smallTask(5000);
        Room room;
        const auto run = room.add(task);
        run->train();
        QVERIFY(room.untilStep(run, 5));
        room.runs.stop();
        const TrainingStatePtr state = room.runs.finalState(*run);
        QVERIFY(state);
        QCOMPARE(run->step(), state->step);  // all that was done is told
        run->requestState();                 // no longer does anything, and harms nothing
        Trainer trainer(task.experiment, run->model(), task.dataset, initialState(*run->model(), task.experiment));
        while (trainer.state().step < state->step) trainer.advance();
        QVERIFY(sameBits(trainer.state().weights, state->weights));
    }

    void theEndInTheMiddleOfATrainingLeavesRunsThatAreOnlyRead() {
        TrainingRunPtr run;
        {
            Room room;
            run = room.add(smallTask(1'000'000));
            run->train();
            QVERIFY(room.untilStep(run, 5));
        }
        QVERIFY(run->step() >= 5);
        run->pause();
        QVERIFY(run->state() == RunState::paused);
    }

    void aRunMayBeRemovedByWhoIsTold() {
        Room room;
        const auto run = room.add(smallTask(1'000'000)), other = room.add(smallTask(50));
        int told = 0;
        room.hook = [&](TrainingRun& who, const RunEvents& events) {
            if (&who != run.get() || events.to == events.from) return;
            ++told;
            room.runs.remove(who);
        };
        run->train();
        QVERIFY(room.until([&] { return told == 1; }));
        QCOMPARE(room.runs.all(), std::vector<TrainingRunPtr>{other});
        other->train();
        QVERIFY(room.untilState(other, RunState::finished));
        QCOMPARE(told, 1);
    }

    void aSessionKeepsARunAndBringsItBack() {
        const LoadedTask task = smallTask(200);
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("session.safetensors").toStdString();
        {
            Room room;
            const auto run = room.add(task);
            run->setName("kept");
            run->setPace(1500.5);
            run->setSeries(3);
            run->train();
            QVERIFY(room.untilStep(run, 30));
            run->pin(run->history().atOrBefore(7), "seven");
            room.runs.stop();
            SessionFile session;
            session.runs = {sessionRunOf(*run, room.runs.finalState(*run))};
            writeSessionOfRuns(path, session);
        }
        const SessionFile session = sessionOf(readCheckpoint(path), layoutOf);
        RunToRestore ready = prepared(session.runs.front(), path.parent_path());
        Room room;
        const auto run = room.runs.add(ready.task, ready.present, ready.origin);
        restore(*run, std::move(ready));
        QCOMPARE(run->name(), std::string("kept"));
        QVERIFY(run->pace() == 1500.5 && run->series() == 3);
        QCOMPARE(run->history().pins().at(7), std::string("seven"));
        QVERIFY(run->step() >= 30);
        QCOMPARE(run->records().front().step, 1);
        run->setPace(0);
        run->train();
        QVERIFY(room.untilState(run, RunState::finished));
        QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    }
};

QTEST_APPLESS_MAIN(TrainingRunsTest)
#include "training_runs_test.moc"
