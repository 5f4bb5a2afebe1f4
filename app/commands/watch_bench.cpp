#include "app/commands/watch_bench.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>
#include <functional>
#include <stdexcept>
#include <thread>

#include "core/base/median.h"
#include "core/base/platform.h"
#include "core/data/loaded_task.h"
#include "core/training/bench.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

constexpr QSize windowSize(1280, 800);
constexpr qint64 fewestSteps = 4;
constexpr double warmUpShare = 0.25;
constexpr double patienceSeconds = 120;

/// One experiment in a window on its Maps page.
class WatchedTraining {
public:
    explicit WatchedTraining(const LoadedTask& task) : m_window(m_workspace, m_focus), m_run(m_window.session().openTask(task)) {
        m_run->setPace(0);
        m_focus.followLive();
        m_window.showPage(m_window.indexOf(MapsPage::pageName()));
        m_window.resize(windowSize);
        m_window.show();
    }
    ~WatchedTraining() { m_workspace.stop(); }

    struct Rates {
        double steps, pictures;  ///< a second
    };

    Rates measure(bool minimised, double seconds) {
        if (minimised)
            m_window.showMinimized();
        else
            m_window.showNormal();
        m_run->train();
        (void)rates(minimised, warmUpShare * seconds, 1);
        const Rates result = rates(minimised, seconds, fewestSteps);
        m_run->pause();
        waitUntilPaused();
        return result;
    }

private:
    /// Counted from a step that has just ended to another one; a minimised window hears too seldom of them to tell.
    Rates rates(bool minimised, double seconds, qint64 steps) {
        m_workspace.setWatched(true);
        const qint64 first = stepJustEnded();
        QElapsedTimer clock;
        clock.start();
        int pictures = 0;
        const auto drawn = QObject::connect(&m_focus, &Focus::traceChanged, m_run, [&] { ++pictures; });
        m_workspace.setWatched(!minimised);
        hearUntil([&] { return static_cast<double>(clock.nsecsElapsed()) >= seconds * 1e9 && m_run->step() - first >= steps; });
        m_workspace.setWatched(true);
        const qint64 last = stepJustEnded();
        const double elapsed = static_cast<double>(clock.nsecsElapsed()) * 1e-9;
        QObject::disconnect(drawn);
        return {static_cast<double>(last - first) / elapsed, pictures / elapsed};
    }

    /// The first news may have waited for its hearer.
    qint64 stepJustEnded() {
        int heard = 0;
        hearUntil([&] { return ++heard == 2; });
        return m_run->step();
    }

    void hearUntil(const std::function<bool()>& enough) {
        QEventLoop loop;
        bool done = false;
        const auto heard = QObject::connect(m_run, &Run::metricsExtended, &loop, [&] {
            if (done || !enough()) return;
            done = true;
            loop.quit();
        });
        loopWithPatience(loop);
        QObject::disconnect(heard);
        if (!done) throw std::runtime_error("the training in the window does not advance: " + m_run->message().toStdString());
    }

    void waitUntilPaused() {
        QEventLoop loop;
        QObject::connect(m_run, &Run::stateChanged, &loop, [&] {
            if (m_run->state() != Run::State::training) loop.quit();
        });
        if (m_run->state() == Run::State::training) loopWithPatience(loop);
        // The step under way when the pause was asked for ends now, and the maps of the last one are drawn.
        QEventLoop rest;
        QTimer::singleShot(300, &rest, &QEventLoop::quit);
        rest.exec();
    }

    static void loopWithPatience(QEventLoop& loop) {
        QTimer::singleShot(static_cast<int>(patienceSeconds * 1000), &loop, &QEventLoop::quit);
        loop.exec();
    }

    Workspace m_workspace;
    Focus m_focus;
    MainWindow m_window;
    Run* m_run;
};

/// In a thread of its own, whose team of OpenMP ends with it: with more teams than processors in the program, none would spin.
double stepsPerSecondAlone(const Experiment& experiment, double seconds) {
    double result = 0;
    std::thread([&] { result = measureStepsPerSecond({experiment, processorCount()}, seconds); }).join();
    return result;
}

WatchResult measured(const Experiment& experiment, int rounds, double seconds, const std::function<void(int)>& progress) {
    WatchedTraining watched(loadTask(experiment, {}));
    std::vector<double> alone, maps, pictures, minimised, mapsShares, minimisedShares;
    for (int round = 0; round < rounds; ++round) {
        progress(round);
        alone.push_back(stepsPerSecondAlone(experiment, seconds));
        const WatchedTraining::Rates onMaps = watched.measure(false, seconds);
        maps.push_back(onMaps.steps);
        pictures.push_back(onMaps.pictures);
        minimised.push_back(watched.measure(true, seconds).steps);
        mapsShares.push_back(maps.back() / alone.back());
        minimisedShares.push_back(minimised.back() / alone.back());
    }
    return {experiment,          medianOf(alone),      medianOf(maps),           medianOf(pictures),
            medianOf(minimised), medianOf(mapsShares), medianOf(minimisedShares)};
}

}  // namespace

std::vector<WatchResult> measureWatched(const std::vector<Experiment>& experiments, int rounds, double seconds,
                                        const std::function<void(int round, std::size_t experiment)>& progress) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int argc = 1;
    char name[] = "attention-lab";
    char* argv[] = {name, nullptr};
    QApplication application(argc, argv);
    Theme::instance().apply();
    std::vector<WatchResult> results;
    for (std::size_t i = 0; i < experiments.size(); ++i)
        results.push_back(measured(experiments[i], rounds, seconds, [&](int round) { progress(round, i); }));
    return results;
}

}  // namespace lab
