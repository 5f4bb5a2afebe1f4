// The window that tests/faults/kill_nine.py kills: the real one, with its session kept in a folder and saved as often as
// ATTENTION_LAB_AUTOSAVE_SECONDS says. Nobody sits before it, so it trains, pins, scrubs and branches by itself.
//
//     kill_nine_window FOLDER           goes on with the session in FOLDER; says "saved STEP RUNS" after each save; runs until killed
//     kill_nine_window FOLDER --fresh   the same, but begins anew beside the session that is there
//     kill_nine_window FOLDER --check   opens the last session and the one before, and holds them against a training of its own; says
//                                       "last STEP RUNS" and "before STEP RUNS"

#include <QApplication>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "core/io/experiment_file.h"
#include "tests/small_experiment.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/timeline_bar.h"

using namespace lab;

namespace {

constexpr int handMilliseconds = 20;
constexpr int branchEvery = 12;
constexpr std::size_t mostRuns = 3;

Experiment killedExperiment() {
    Experiment small = smallExperiment({.name = "Killed", .steps = 1'000'000});
    small.training.pace = 300;
    return small;
}

/// What the program should have kept, computed again from the beginning.
class Twin {
public:
    explicit Twin(const Run& run)
        : m_trainer(run.experiment(), run.model(), run.dataset(), initialState(*run.model(), run.experiment()), 1) {
        m_weights[0] = m_trainer.state().weights;
    }

    /// Records and kept weights are those of this very training; steps are asked for in ascending order.
    bool agrees(const Run& run) {
        for (const StepRecord& record : run.records()) {
            if (!m_losses.contains(record.step)) advanceTo(record.step);
            if (m_losses.at(record.step) != record.train.loss) return false;
        }
        for (const CheckpointPtr& kept : run.history().checkpoints())
            if (const auto known = m_weights.find(kept->step); known != m_weights.end() && known->second != kept->weights) return false;
        return m_weights.at(run.step()) == run.latest()->weights;
    }

private:
    void advanceTo(std::int64_t step) {
        while (m_trainer.state().step < step) {
            const StepRecord record = m_trainer.advance();
            m_losses[record.step] = record.train.loss;
            m_weights[record.step] = m_trainer.state().weights;
        }
    }

    Trainer m_trainer;
    std::map<std::int64_t, double> m_losses;
    std::map<std::int64_t, Weights> m_weights;
};

bool check(const char* which, const Workspace& workspace, std::int64_t shown) {
    std::vector<Run*> runs = workspace.runs();
    // A branch of unchanged settings is its parent's training: one twin serves all. The longest goes first.
    std::sort(runs.begin(), runs.end(), [](const Run* a, const Run* b) { return a->step() > b->step(); });
    Twin twin(*runs.front());
    for (const Run* run : runs) {
        if (twin.agrees(*run)) continue;
        std::printf("failed: run %s is not the training it was\n", qPrintable(run->name()));
        return false;
    }
    std::printf("%s %lld %zu\n", which, static_cast<long long>(shown), runs.size());
    return true;
}

/// Of the shown run, as the saves are told.
int checkAll(FileActions& files, const Workspace& workspace, const Focus& focus) {
    if (!files.restoreSession() || !check("last", workspace, focus.run()->step())) return EXIT_FAILURE;
    if (!files.keeper().before()) return EXIT_SUCCESS;
    return files.keeper().restoreBefore() && check("before", workspace, focus.run()->step()) ? EXIT_SUCCESS : EXIT_FAILURE;
}

void moveHand(MainWindow& window, Focus& focus, int move) {
    Run* run = focus.run();
    if (run->state() == Run::State::paused) run->train();
    focus.showStep(move * 7919 % (run->step() + 1));
    if (move % 10 == 0 && focus.checkpoint()) run->pin(focus.checkpoint(), QStringLiteral("pin %1").arg(move));
    if (move % 13 == 0) focus.showSample(move);
    if (move % 7 == 0) window.showPage(move % static_cast<int>(window.pages().size()));
    if (move % branchEvery == 0 && run->step() > 10 && window.workspace().runs().size() < mostRuns) {
        focus.showStep(run->step() / 2);
        window.timeline().continueButton().click();
    }
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 2) return EXIT_FAILURE;
    const QString folder = QString::fromLocal8Bit(argv[1]);
    qputenv("XDG_CONFIG_HOME", folder.toUtf8());
    Theme::instance().apply();
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    FileActions files(window, folder + QStringLiteral("/settings.ini"), folder + QStringLiteral("/session.safetensors"));
    QObject::connect(&window.session(), &Session::failed, [](const QString& what, const QString& why) {
        std::printf("failed: %s: %s\n", qPrintable(what), qPrintable(why));
        std::fflush(stdout);
    });
    files.begin();
    const QString mode = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    if (mode == QLatin1String("--check")) return checkAll(files, workspace, focus);
    const bool found = mode.isEmpty() && files.keeper().last();
    if (found && !files.restoreSession()) return EXIT_FAILURE;
    if (!found) {
        const QString path = folder + QStringLiteral("/killed.json");
        saveExperiment(path.toStdString(), killedExperiment());
        window.session().openFile(path);
    }
    window.resize(1280, 800);
    window.show();
    QObject::connect(&files.keeper(), &SessionKeeper::saved, [&] {
        const SessionSummary summary = *files.keeper().last();
        std::printf("saved %lld %zu\n", static_cast<long long>(summary.step), summary.runs);
        std::fflush(stdout);
    });
    QObject::connect(&files.keeper(), &SessionKeeper::failed, [](const QString& error) {
        std::printf("unsaved: %s\n", qPrintable(error));
        std::fflush(stdout);
    });
    int move = 0;
    QTimer hand;
    QObject::connect(&hand, &QTimer::timeout, [&] { moveHand(window, focus, ++move); });
    hand.start(handMilliseconds);
    return application.exec();
}
