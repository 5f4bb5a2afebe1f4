// What a person waits for, on the platform that QT_QPA_PLATFORM names (offscreen without a display): from the start of the program to the
// first map on the screen, and from the key that starts the reverse preset at full speed to 99 % validation accuracy.
// first_look_bench; prints both. No assertions; not a ctest. Linux: the start of the process is read from /proc.

#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "core/base/platform.h"
#include "tests/benchmarks/bench_home.h"
#include "ui/pages/train/live_map.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace {

/// Since the process began, of 10 ms resolution.
double processAge() {
    std::ifstream stat("/proc/self/stat"), uptime("/proc/uptime");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    for (int i = 3; i <= 22; ++i) fields >> field;  // the 22nd: the start in ticks since the machine's
    double now = 0;
    uptime >> now;
    return now - std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Ends a loop when a map has been painted that shows numbers of the model.
class FirstMap : public QObject {
public:
    FirstMap(const lab::Focus& focus, QEventLoop& loop) : m_focus(focus), m_loop(loop) { qApp->installEventFilter(this); }

    bool eventFilter(QObject* receiver, QEvent* event) override {
        if (event->type() == QEvent::Paint && m_focus.trace() && inLiveMap(receiver)) m_loop.quit();
        return false;
    }

private:
    static bool inLiveMap(QObject* object) {
        for (; object; object = object->parent())
            if (dynamic_cast<lab::LiveMap*>(object)) return true;
        return false;
    }

    const lab::Focus& m_focus;
    QEventLoop& m_loop;
};

bool hasLearned(const lab::Run& run) {
    const auto& records = run.records();
    for (auto record = records.rbegin(); record != records.rend(); ++record)
        if (record->validation) return record->validation->accuracy >= 0.99;
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    lab::testing::BenchHome bench(argc, argv, "first_look_bench");
    lab::Theme::instance().apply();

    lab::Workspace workspace;
    lab::Focus focus;
    lab::MainWindow window(workspace, focus);
    lab::FileActions files(window);
    files.begin({});
    window.resize(1280, 800);
    QEventLoop loop;
    {
        const FirstMap first(focus, loop);
        window.show();
        loop.exec();
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::printf("first map on the screen %.0f ms after the start of the program\n", processAge() * 1e3);

    if (!QTest::qWaitForWindowActive(&window)) return 1;  // a key before that would be lost
    lab::Run* run = focus.run();
    run->setPace(0);
    QElapsedTimer clock;
    QObject::connect(run, &lab::Run::metricsExtended, &loop, [&] {
        if (hasLearned(*run)) loop.quit();
    });
    clock.start();
    QTest::keyClick(&window, Qt::Key_Space);
    loop.exec();
    std::printf("%s: 99 %% validation accuracy at step %lld, %lld ms after the key\n", run->experiment().name.c_str(),
                static_cast<long long>(run->step()), static_cast<long long>(clock.elapsed()));
    workspace.stop();
}
