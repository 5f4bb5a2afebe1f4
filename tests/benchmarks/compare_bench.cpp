// How many pictures a second the Compare page draws while four runs train: compare_bench [seconds]. Prints; asserts nothing.

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "core/base/platform.h"
#include "core/config/comparisons.h"
#include "core/data/loaded_task.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// Counts the paintings of one widget.
class PaintCounter : public QObject {
public:
    explicit PaintCounter(QWidget* widget) : QObject(widget) { widget->installEventFilter(this); }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) ++count;
        return false;
    }
};

/// Milliseconds that this thread has computed: what a picture costs, however busy the computer is otherwise.
double threadMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

void wait(double seconds) {
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(1000 * seconds), &loop, &QEventLoop::quit);
    loop.exec();
}

void measure(const ClassicComparison& comparison, std::size_t runs, double pace, double seconds) {
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    window.showPage(window.indexOf(ComparePage::pageName()));
    auto* page = &window.pages().get<ComparePage>();
    for (std::size_t i = 0; i < runs; ++i) {
        Experiment experiment = comparison.variants[i % comparison.variants.size()];
        experiment.training.seed = 1 + i / comparison.variants.size();
        experiment.training.steps = 1000000;
        const LoadedTask task = loadTask(experiment, {});
        Run* run = i == 0 ? window.session().openTask(task) : workspace.add(task);
        run->setPace(pace);
    }
    window.resize(1280, 800);
    window.show();
    PaintCounter plot(&page->lossPlot());
    workspace.trainAll();
    wait(1);
    const int painted = plot.count;
    std::vector<std::int64_t> before;
    for (const Run* run : workspace.runs()) before.push_back(run->step());
    const double computed = threadMilliseconds();
    QElapsedTimer clock;
    clock.start();
    wait(seconds);
    const double elapsed = static_cast<double>(clock.elapsed()) / 1000;
    double steps = 0;
    for (std::size_t i = 0; i < runs; ++i) steps += static_cast<double>(workspace.runs()[i]->step() - before[i]);
    std::printf("%-44s %zu runs, pace %3.0f: %5.1f pictures/s, %4.1f ms of the window's thread each, %7.1f steps/s of all runs\n",
                comparison.name.c_str(), runs, pace, (plot.count - painted) / elapsed,
                (threadMilliseconds() - computed) / (plot.count - painted), steps / elapsed);
    std::fflush(stdout);
    workspace.stop();
}

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    QApplication application(argc, argv);
    Theme::instance().apply();
    const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
    for (const double pace : {60.0, 0.0}) {
        for (const ClassicComparison& comparison : comparisons())
            if (comparison.key == "forms" || comparison.key == "kv-heads") measure(comparison, 4, pace, seconds);
    }
    return 0;
}
