// The time from a key on the timeline to the picture of the step it asks for, while the training goes on at full speed: until the page in
// sight has been painted with the trace of that step. On the platform that QT_QPA_PLATFORM names (offscreen without a display).
// key_to_picture_bench [preset ...]; prints median and worst of each page. No assertions; not a ctest.

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <vector>

#include "core/base/platform.h"
#include "tests/benchmarks/bench_home.h"
#include "ui/documents/session.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/timeline_bar.h"

namespace {

constexpr int presses = 40, stepsBefore = 300, patienceMilliseconds = 60'000;

/// Tells when the window has painted what its page made of the trace of the shown step.
class Pictures : public QObject {
public:
    Pictures(lab::MainWindow& window, QEventLoop& loop) : m_window(window), m_loop(loop) {
        window.installEventFilter(this);
        connect(&window, &lab::MainWindow::pageRefreshed, this, [this] {
            const lab::Focus& focus = m_window.focus();
            if (!m_waiting || m_drawn || focus.traceStep() != focus.shownStep()) return;
            m_drawn = true;
            m_times.page = elapsed();
        });
        connect(&window.focus(), &lab::Focus::traceChanged, this, [this] {
            if (m_waiting && !m_drawn) m_times.trace = elapsed();
        });
    }

    void start() {
        m_waiting = true;
        m_drawn = false;
        m_clock.start();
    }
    /// Milliseconds since the key.
    struct Times {
        double trace = 0;    ///< the numbers are there
        double page = 0;     ///< the page knows what to paint
        double picture = 0;  ///< and has painted it
    };
    const Times& times() const { return m_times; }

    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() != QEvent::UpdateRequest || !m_waiting || !m_drawn) return false;
        m_waiting = false;
        QTimer::singleShot(0, this, [this] {  // behind the painting that this event does
            m_times.picture = elapsed();
            m_loop.quit();
        });
        return false;
    }

private:
    double elapsed() const { return static_cast<double>(m_clock.nsecsElapsed()) / 1e6; }

    lab::MainWindow& m_window;
    QEventLoop& m_loop;
    bool m_waiting = false;
    bool m_drawn = false;
    QElapsedTimer m_clock;
    Times m_times;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measure(lab::MainWindow& window, lab::Page* page, Pictures& pictures, QEventLoop& loop) {
    std::vector<double> times, traces, pages;
    lab::TimelineStrip& strip = window.timeline().strip();
    QTest::keyClick(&strip, Qt::Key_End);
    for (int i = 0; i < presses; ++i) {
        QTest::qWait(60);  // as a hand that presses again and again
        pictures.start();
        QTest::keyClick(&strip, Qt::Key_Left, i % 10 == 9 ? Qt::ShiftModifier : Qt::NoModifier);
        loop.exec();
        times.push_back(pictures.times().picture);
        traces.push_back(pictures.times().trace);
        pages.push_back(pictures.times().page);
    }
    std::sort(times.begin(), times.end());
    std::printf("  %-10s median %5.1f ms (trace after %4.1f, page after %4.1f), nine in ten %5.1f ms, worst %5.1f ms\n",
                page->title().toUtf8().constData(), median(times), median(traces), median(pages), times[times.size() * 9 / 10],
                times.back());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    lab::testing::BenchHome bench(argc, argv, "key_to_picture_bench");
    lab::Theme::instance().apply();

    lab::Workspace workspace;
    lab::Focus focus;
    lab::MainWindow window(workspace, focus);
    lab::FileActions files(window);
    files.begin({});
    window.resize(1280, 800);
    window.show();
    QEventLoop loop;
    Pictures pictures(window, loop);

    QStringList presets = bench.application.arguments().mid(1);
    if (presets.isEmpty()) presets << QStringLiteral("reverse");
    for (const QString& preset : presets) {
        window.session().openPreset(preset.toStdString());
        lab::Run* run = focus.run();
        run->setPace(0);
        run->train();
        QElapsedTimer patience;
        patience.start();
        while (run->step() < stepsBefore && run->state() == lab::Run::State::training && !patience.hasExpired(patienceMilliseconds))
            QTest::qWait(20);
        std::printf("%s, training from step %lld\n", preset.toUtf8().constData(), static_cast<long long>(run->step()));
        for (std::size_t i = 0; i < window.pages().size(); ++i) {
            if (qobject_cast<lab::SweepsPage*>(window.pages()[i])) continue;  // shows no step
            window.showPage(static_cast<int>(i));
            QTest::qWait(100);
            measure(window, window.pages()[i], pictures, loop);
        }
        std::printf("  %s at step %lld\n", run->state() == lab::Run::State::training ? "still training" : "no longer training",
                    static_cast<long long>(run->step()));
    }
    files.end();
    return 0;
}
