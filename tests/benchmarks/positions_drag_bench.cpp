#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "tests/patience.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "ui/pages/positions/positions_page.h"
#include "ui/pages/positions/rope_extension_view.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"

// What one step of dragging costs on the Positions page: the change and the painting of all it touches. 60 frames a second leave 16.7 ms.
// Both as they passed and as the processor spent them, which other programs disturb less.
// Run offscreen; QT_SCALE_FACTOR=2 for screens of twice the pixels.

using namespace lab;

namespace {

constexpr int steps = 300;

void measure(const char* what, const std::function<void(int)>& drag) {
    std::vector<double> passed, spent;
    for (int i = 0; i < steps; ++i) {
        QElapsedTimer timer;
        timer.start();
        const std::clock_t clock = std::clock();
        drag(i);
        QCoreApplication::processEvents();  // paints what was changed
        spent.push_back(1000.0 * static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC);
        passed.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(passed);
    std::ranges::sort(spent);
    std::printf("  %-30s %6.2f ms, 95 %% below %6.2f; of the processor %6.2f ms, 95 %% below %6.2f\n", what, passed[steps / 2],
                passed[steps * 95 / 100], spent[steps / 2], spent[steps * 95 / 100]);
}

void measurePage(PositionsPage& page, const QSize& size) {
    page.resize(size);
    page.setRopeView(PositionsPage::RopeView::circles);
    QCoreApplication::processEvents();
    std::printf("%d x %d, device pixel ratio %.0f\n", size.width(), size.height(), page.devicePixelRatioF());
    RopeStudy& study = page.study();
    measure("circles: the query's position", [&](int i) { study.setPositions(i % 32, 6); });
    measure("circles: the pair in hand", [&](int i) { study.setPair(i % study.pairs()); });
    study.setFree(true);
    measure("circles: a free vector", [&](int i) { study.setVector(false, 1.0 + 0.002 * i, 0.02 * i); });
    study.setFree(false);
    page.setRopeView(PositionsPage::RopeView::phases);
    QCoreApplication::processEvents();
    measure("phases: the pair in hand", [&](int i) { study.setPair(i % study.pairs()); });
    page.setRopeView(PositionsPage::RopeView::extension);
    QCoreApplication::processEvents();
    auto* extension = page.findChild<RopeExtensionView*>();
    measure("extension: the factor", [&](int i) { extension->setFactor(1 + i % 32); });
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    Theme::instance().setMode(Theme::Mode::light);
    Theme::instance().apply();
    Workspace workspace;
    Focus focus;
    PositionsPage page(focus);
    focus.setRun(workspace.add(loadTask(parseExperiment(findPreset("llama-small")->json), {})));
    page.show();
    if (!QTest::qWaitFor([&] { return page.study().hasModel(); }, lab::patience)) {
        std::fputs("the trace did not come\n", stderr);
        return 1;
    }
    for (const QSize& size : {QSize(1180, 620), QSize(1804, 900)}) measurePage(page, size);
    return 0;
}
