// Whether memory stays within bounds while a person trains and scrubs, in the real window (offscreen without a display): trains at full
// speed and scrubs, plays, waits for thinned steps to be recomputed, pins, turns pages and changes samples all the while; every ten seconds
// the resident memory and what the history and the records hold. memory_bench [MINUTES] [PRESET or FILE] [BUDGET_MB]; without the second a
// model of 1.1 MB that trains on and on and fills 64 MB within two minutes. No assertions; not a ctest. Linux: reads /proc.

#include <malloc.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "core/base/platform.h"
#include "core/io/experiment_file.h"
#include "tests/benchmarks/bench_home.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/timeline_bar.h"

namespace {

constexpr int reportMilliseconds = 10'000;
constexpr int handMilliseconds = 150;
/// Of a cycle of moves, where the hand does what; it scrubs in all others.
constexpr int cycle = 160, restsFrom = 40, playsFrom = 100, movesOnFrom = 120;

double residentMegabytes(const char* key) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == key) {
            double kilobytes = 0;
            status >> kilobytes;
            return kilobytes / 1024;
        }
    return 0;
}

double megabytes(std::size_t bytes) {
    return static_cast<double>(bytes) / 1048576;
}

/// One that reaches a small budget soon and its last step never.
lab::Experiment endless() {
    lab::Experiment experiment;
    experiment.name = "Endless";
    experiment.task.seq_len = 32;
    experiment.model.d_model = 128;
    experiment.model.num_heads = 4;
    experiment.model.dropout = 0.1;
    experiment.training.batch_size = 64;
    experiment.training.steps = 10'000'000;
    return experiment;
}

/// A hand that never rests for long: scrubs anywhere, waits for a thinned step, plays, pins, follows live, turns the page, takes the next
/// sample.
class Hand {
public:
    Hand(lab::MainWindow& window, lab::Focus& focus) : m_window(window), m_focus(focus) {}

    void move() {
        lab::Run* run = m_focus.run();
        if (!run) return;
        ++m_moves;
        keepTraining(*run);
        const int place = m_moves % cycle;
        if (place == restsFrom) m_focus.showStep(anyStep(*run));
        if (place == playsFrom) play();
        if (place == movesOnFrom && m_window.timeline().isPlaying()) m_window.timeline().togglePlaying();
        if (place < restsFrom || place >= movesOnFrom) scrub(*run);
        if (m_moves % 50 == 0) changePin(*run);
        if (m_moves % 5 == 0) m_focus.showSample(m_moves);
        if (place % 20 == 0) m_window.showPage(m_moves / 20 % static_cast<int>(m_window.pages().size()));
    }

    int rounds = 0;
    int recomputed = 0;  ///< steps that were not kept, shown all the same

private:
    void keepTraining(lab::Run& run) {
        if (run.state() == lab::Run::State::finished) {
            run.reset();
            ++rounds;
        }
        if (run.state() == lab::Run::State::paused) run.train();
    }
    std::int64_t anyStep(const lab::Run& run) const { return m_moves * std::int64_t{7919} % (run.step() + 1); }
    void scrub(const lab::Run& run) {
        if (m_moves % 7 == 0)
            m_focus.followLive();
        else
            m_focus.showStep(anyStep(run));
    }
    void play() {
        if (!m_window.timeline().isPlaying()) m_window.timeline().togglePlaying();
    }
    /// Never more than a few: pins stay whatever the budget says.
    void changePin(lab::Run& run) {
        if (run.history().pins().size() >= 5)
            run.unpin(run.history().pins().begin()->first);
        else if (m_focus.checkpoint())
            run.pin(m_focus.checkpoint(), QStringLiteral("pin %1").arg(m_moves));
    }

    lab::MainWindow& m_window;
    lab::Focus& m_focus;
    int m_moves = 0;
};

bool open(lab::Session& session, const QTemporaryDir& home, const QString& what) {
    if (!what.isEmpty() && !QFileInfo::exists(what)) return session.openPreset(what.toStdString());
    const QString own = home.filePath(QStringLiteral("endless.json"));
    if (what.isEmpty()) lab::saveExperiment(own.toStdString(), endless());
    return session.openFile(what.isEmpty() ? own : what);
}

void report(double minute, const lab::Run& run, const Hand& hand) {
    const auto heap = mallinfo2();
    std::printf("%6.2f %11.1f %7.1f %12.1f %10.1f %10.1f %9.0f %8lld %5d %10d\n", minute, residentMegabytes("VmRSS:"),
                residentMegabytes("VmHWM:"), megabytes(heap.uordblks + heap.hblkhd), megabytes(run.history().bytes()),
                megabytes(run.records().capacity() * sizeof(lab::StepRecord)), megabytes(run.history().budget()),
                static_cast<long long>(run.step()), hand.rounds, hand.recomputed);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    lab::testing::BenchHome bench(argc, argv, "memory_bench");
    auto& [home, application] = bench;
    const double minutes = argc > 1 ? std::atof(argv[1]) : 1;
    QSettings().setValue(QStringLiteral("history/budget_mb"), argc > 3 ? std::atoi(argv[3]) : 64);
    lab::Theme::instance().apply();

    lab::Workspace workspace;
    lab::Focus focus;
    lab::MainWindow window(workspace, focus);
    lab::FileActions files(window, home.filePath(QStringLiteral("settings.ini")), home.filePath(QStringLiteral("session.safetensors")));
    files.begin();
    if (!open(window.session(), home, argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString())) return EXIT_FAILURE;
    window.resize(1280, 800);
    window.show();
    focus.run()->setPace(0);

    Hand hand(window, focus);
    QObject::connect(focus.run(), &lab::Run::weightsReady, [&] { ++hand.recomputed; });
    QTimer moves, reports;
    QObject::connect(&moves, &QTimer::timeout, [&] { hand.move(); });
    QElapsedTimer clock;
    clock.start();
    std::printf("minute resident_mb peak_mb allocated_mb history_mb records_mb budget_mb     step round recomputed\n");
    QObject::connect(&reports, &QTimer::timeout, [&] {
        const double minute = static_cast<double>(clock.elapsed()) / 60000;
        report(minute, *focus.run(), hand);
        if (minute >= minutes) application.quit();
    });
    moves.start(handMilliseconds);
    reports.start(reportMilliseconds);
    const int code = application.exec();
    workspace.stop();
    return code;
}
