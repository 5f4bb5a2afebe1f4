// Whatever of a training was thinned away comes back with its original bits: of every kind of training, of branches, and of sessions that
// were closed and opened again.

#include <QSignalSpy>
#include <QTemporaryDir>
#include <map>
#include <set>

#include "core/data/loaded_task.h"
#include "core/io/session_file.h"
#include "core/training/branch.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/run_session.h"

using namespace lab;

namespace {

constexpr int steps = 640;
constexpr std::int64_t asked[] = {1, 3, 119, 167, 251, 333, 389, 431, 499, 501, 559, 613, 639};

LoadedTask taskOf(const char* optimizer, double dropout, double clip, const char* schedule) {
    Experiment experiment = smallTask(steps).experiment;
    experiment.model.dropout = dropout;
    experiment.training.optimizer.kind = optimizer;
    experiment.training.optimizer.numbers.set("weight_decay", 0.05);
    experiment.training.clip_norm = clip;
    experiment.training.schedule.kind = schedule;
    experiment.training.validate_every = 70;
    return loadTask(experiment, {});
}

/// The weights after every step of a training, from a state on.
class Original {
public:
    Original(const LoadedTask& task, TrainingState start) {
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, std::move(start), 1);
        add(trainer.state());
        while (!trainer.finished()) {
            trainer.advance();
            add(trainer.state());
        }
    }
    explicit Original(const LoadedTask& task) : Original(task, initialState(Model(task.experiment.model), task.experiment)) {}

    const TrainingState& at(std::int64_t step) const { return m_states.at(step); }

private:
    void add(const TrainingState& state) { m_states[state.step] = state; }
    std::map<std::int64_t, TrainingState> m_states;
};

/// Room for some twenty checkpoints and two or three states.
std::size_t smallBudget(const Run& run) {
    return 30 * run.latest()->weights.size() * sizeof(float);
}

bool isKept(const Run& run, std::int64_t step) {
    const auto& kept = run.history().checkpoints();
    return std::any_of(kept.begin(), kept.end(), [step](const CheckpointPtr& each) { return each->step == step; });
}

CheckpointPtr recomputed(Run& run, std::int64_t step) {
    CheckpointPtr answer;
    const auto connection = QObject::connect(&run, &Run::weightsReady, [&](const CheckpointPtr& checkpoint) { answer = checkpoint; });
    run.requestWeightsAt(step);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer && answer->step == step, lab::patience); }();
    QObject::disconnect(connection);
    return answer;
}

/// Every step asked for that the run has done, most of them thinned away.
void compareAll(Run& run, const Original& original) {
    int thinned = 0;
    for (const std::int64_t step : asked) {
        if (step < run.history().checkpoints().front()->step || step > run.step()) continue;
        thinned += !isKept(run, step);
        const CheckpointPtr again = recomputed(run, step);
        QVERIFY(again);
        QVERIFY2(sameBits(again->weights, original.at(step).weights), qPrintable(QString::number(step)));
    }
    QVERIFY2(thinned >= 4, qPrintable(QString::number(thinned)));
}

void trainToTheEnd(Run& run) {
    run.train();
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(run.state()), static_cast<int>(Run::State::finished), lab::patience);
}

}  // namespace

class RecomputedStepsTest : public QObject {
    Q_OBJECT

private slots:
    void ofEveryKindOfTraining_data() {
        QTest::addColumn<QByteArray>("optimizer");
        QTest::addColumn<double>("dropout");
        QTest::addColumn<double>("clip");
        QTest::addColumn<QByteArray>("schedule");
        const auto row = [](const char* name, const char* optimizer, double dropout, double clip, const char* schedule) {
            QTest::newRow(name) << QByteArray(optimizer) << dropout << clip << QByteArray(schedule);
        };
        row("adam", "adam", 0.0, 5.0, "cosine-warmup");
        row("adam, dropout, clipped at every step", "adam", 0.2, 0.01, "noam");
        row("adamw, dropout, not clipped", "adamw", 0.1, 0.0, "linear-warmup");
        row("sgd, dropout, clipped", "sgd", 0.1, 0.05, "constant");
        row("muon, clipped", "muon", 0.0, 0.05, "noam");
        row("adafactor, dropout, clipped", "adafactor", 0.1, 0.05, "wsd");
    }

    void ofEveryKindOfTraining() {
        QFETCH(QByteArray, optimizer);
        QFETCH(double, dropout);
        QFETCH(double, clip);
        QFETCH(QByteArray, schedule);
        const LoadedTask task = taskOf(optimizer.constData(), dropout, clip, schedule.constData());
        Workspace workspace;
        Run* run = workspace.add(task);
        run->setHistoryBudget(smallBudget(*run));
        trainToTheEnd(*run);
        compareAll(*run, Original(task));
    }

    void whileTheTrainingGoesOn() {
        LoadedTask task = taskOf("adam", 0.1, 0.05, "constant");
        const Original original(task);
        task.experiment.training.steps = 1'000'000;  // under a constant rate the first steps are the same
        Workspace workspace;
        Run* run = workspace.add(task);
        run->setHistoryBudget(smallBudget(*run));
        run->train();
        QTRY_VERIFY_WITH_TIMEOUT(run->step() >= steps, lab::patience);
        compareAll(*run, original);
        QCOMPARE(static_cast<int>(run->state()), static_cast<int>(Run::State::training));
    }

    void ofABranchWithChanges() {
        const LoadedTask task = taskOf("adam", 0.1, 5.0, "cosine-warmup");
        const Original original(task);
        for (const char* optimizer : {"adam", "sgd"}) {
            Experiment changed = task.experiment;
            changed.training.optimizer.kind = optimizer;
            changed.training.optimizer.learning_rate *= 3;
            changed.training.clip_norm = 0.05;
            changed.model.dropout = 0.3;
            const LoadedTask branchTask = loadTask(changed, {});
            const TrainingState start = branchState(original.at(137), task.experiment, branchTask.experiment);
            Workspace workspace;
            Run* branch = workspace.addBranch(branchTask, start, {QStringLiteral("parent"), 137});
            branch->setHistoryBudget(smallBudget(*branch));
            trainToTheEnd(*branch);
            compareAll(*branch, Original(branchTask, start));
        }
    }

    void ofASessionThatWasClosed_data() {
        QTest::addColumn<QByteArray>("optimizer");
        QTest::newRow("adamw") << QByteArray("adamw");
        QTest::newRow("sgd") << QByteArray("sgd");
    }

    void ofASessionThatWasClosed() {
        QFETCH(QByteArray, optimizer);
        const LoadedTask task = taskOf(optimizer.constData(), 0.1, 0.05, "cosine-warmup");
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("session.safetensors")).toStdString();
        saveAtStep(task, 430, path);
        const SessionFile session = sessionOf(readCheckpoint(path), layoutOf);
        Workspace workspace;
        Run* run = restore(workspace, prepared(session.runs.front(), path.parent_path()));
        QVERIFY(run->step() >= 430 && run->step() < steps);
        run->setHistoryBudget(smallBudget(*run));
        const Original original(task);
        compareAll(*run, original);
        trainToTheEnd(*run);
        QVERIFY(sameBits(run->latest()->weights, original.at(steps).weights));
        compareAll(*run, original);
    }

private:
    /// Trains to about that step and keeps the run as closing does.
    void saveAtStep(const LoadedTask& task, std::int64_t step, const std::filesystem::path& path) {
        Workspace workspace;
        Run* run = workspace.add(task);
        run->setHistoryBudget(smallBudget(*run));
        run->setPace(2000);
        run->train();
        QTRY_VERIFY_WITH_TIMEOUT(run->step() >= step, lab::patience);
        workspace.stop();
        SessionFile session;
        session.runs = {sessionRunOf(*run, workspace.finalState(run))};
        writeSession(path, session);
    }
};

QTEST_GUILESS_MAIN(RecomputedStepsTest)
#include "recomputed_steps_test.moc"
