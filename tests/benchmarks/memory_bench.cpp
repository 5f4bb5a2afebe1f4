// Whether memory stays within bounds while a person trains and scrubs, in the real window (offscreen without a display): trains the preset
// at full speed, run after run, and scrubs, turns pages and changes samples all the while; every ten seconds the resident memory and what
// the histories hold. memory_bench [MINUTES] [PRESET] [BUDGET_MB]. No assertions; not a ctest. Linux: reads /proc.

#include <malloc.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "ui/file_actions.h"
#include "ui/main_window.h"
#include "ui/widgets/theme.h"

namespace {

constexpr int reportMilliseconds = 10'000;
constexpr int handMilliseconds = 150;

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

/// A hand that never rests: scrubs anywhere, follows live now and then, turns the page, takes the next sample.
class Hand {
public:
    Hand(lab::MainWindow& window, lab::Focus& focus) : m_window(window), m_focus(focus) {}

    void move() {
        lab::Run* run = m_focus.run();
        if (!run) return;
        ++m_moves;
        if (run->state() == lab::Run::State::finished) {
            run->reset();
            ++rounds;
        }
        if (run->state() == lab::Run::State::paused) run->train();
        if (m_moves % 7 == 0)
            m_focus.followLive();
        else
            m_focus.showStep(static_cast<std::int64_t>(m_moves * 7919 % (run->step() + 1)));
        if (m_moves % 5 == 0) m_focus.showSample(m_moves);
        if (m_moves % 20 == 0) m_window.showPage(m_moves / 20 % static_cast<int>(m_window.pages().size()));
    }

    int rounds = 0;

private:
    lab::MainWindow& m_window;
    lab::Focus& m_focus;
    int m_moves = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    qputenv("XDG_DATA_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("memory_bench"));
    const double minutes = argc > 1 ? std::atof(argv[1]) : 1;
    const int budget = argc > 3 ? std::atoi(argv[3]) : 256;
    QSettings().setValue(QStringLiteral("history/budget_mb"), budget);
    lab::Theme::instance().apply();

    lab::Workspace workspace;
    lab::Focus focus;
    lab::MainWindow window(workspace, focus);
    lab::FileActions files(window, home.filePath(QStringLiteral("settings.ini")), home.filePath(QStringLiteral("session.safetensors")));
    files.begin();
    if (argc > 2 && !files.documents().openPreset(argv[2])) return EXIT_FAILURE;
    window.resize(1280, 800);
    window.show();
    focus.run()->setPace(0);

    Hand hand(window, focus);
    QTimer moves, reports;
    QObject::connect(&moves, &QTimer::timeout, [&] { hand.move(); });
    QElapsedTimer clock;
    clock.start();
    std::printf("minute resident_mb peak_mb allocated_mb history_mb budget_mb step round\n");
    QObject::connect(&reports, &QTimer::timeout, [&] {
        const auto heap = mallinfo2();
        std::printf("%6.2f %11.1f %7.1f %12.1f %10.1f %9d %7lld %5d\n", static_cast<double>(clock.elapsed()) / 60000,
                    residentMegabytes("VmRSS:"), residentMegabytes("VmHWM:"), static_cast<double>(heap.uordblks + heap.hblkhd) / 1048576,
                    static_cast<double>(focus.run()->history().bytes()) / 1048576, budget, static_cast<long long>(focus.run()->step()),
                    hand.rounds);
        std::fflush(stdout);
        if (static_cast<double>(clock.elapsed()) / 60000 >= minutes) application.quit();
    });
    moves.start(handMilliseconds);
    reports.start(reportMilliseconds);
    const int code = application.exec();
    workspace.stop();
    return code;
}
