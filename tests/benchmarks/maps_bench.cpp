// What drawing a long map costs: pooling it, and one frame of the enlarged head while it is zoomed and panned. Prints, asserts nothing.
// usage: QT_QPA_PLATFORM=offscreen [QT_SCALE_FACTOR=2] maps_bench [cells a side = 1024]

#include <QApplication>
#include <QImage>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <vector>

#include "core/analysis/pooling.h"
#include "ui/pages/maps/head_view.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

constexpr double frame = 1000.0 / 60;

double median(std::vector<double> times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
}

/// Milliseconds of one call: median, and the slowest but one in twenty.
void measure(const char* what, int times, const std::function<void(int)>& work) {
    std::vector<double> found;
    for (int i = 0; i < times; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work(i);
        found.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    const double middle = median(found);
    std::sort(found.begin(), found.end());
    const double late = found[found.size() * 95 / 100];
    std::printf("%-44s %8.2f ms %8.2f ms   %3.0f %% of a frame\n", what, middle, late, 100.0 * middle / frame);
}

/// A causal map with a diagonal, a previous-token line and a little noise.
MapData longMap(int n, bool causal) {
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
    auto scores = std::make_shared<std::vector<float>>(values->size());
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            const auto at = static_cast<std::size_t>(i) * static_cast<std::size_t>(n) + static_cast<std::size_t>(j);
            const bool hidden = causal && j > i;
            (*values)[at] = hidden ? 0.0F : j == i - 1 ? 0.8F : static_cast<float>((i * 31 + j * 17) % 97) / 2000.0F;
            (*scores)[at] = hidden ? -std::numeric_limits<float>::infinity() : 0.0F;
        }
    MapData data;
    data.rows = data.columns = n;
    data.values = {values, values->data()};
    data.allowedScores = {scores, scores->data()};
    return data;
}

void measureFrames(const char* kind, const MapData& data) {
    HeadView view;
    view.resize(840, 620);
    std::vector<QString> tokens;
    for (int i = 0; i < data.rows; ++i) tokens.push_back(QString::number(i % 10));
    view.map().setNames(tokens, tokens);
    view.setMap(data, {}, QStringLiteral("weight"));
    view.map().setSelection({data.rows / 2, data.rows / 2 - 1});
    view.showRow(QStringLiteral("row"), 1.0);
    const double dots = view.devicePixelRatioF();
    QImage target((QSizeF(view.size()) * dots).toSize(), QImage::Format_RGB32);
    target.setDevicePixelRatio(dots);
    const auto paint = [&] { view.render(&target, {}, {}, QWidget::DrawChildren); };
    std::printf("\n%s, %d x %d cells, %g dots a px\n", kind, data.rows, data.columns, dots);
    measure("first frame (pools and colours)", 1, [&](int) { paint(); });
    measure("all cells", 40, [&](int) { paint(); });
    const auto pan = [&](const char* what) {
        measure(what, 120, [&](int i) {
            QKeyEvent key(QEvent::KeyPress, i % 40 < 20 ? Qt::Key_Right : Qt::Key_Left, Qt::ShiftModifier);
            view.map().takeKey(&key);
            paint();
        });
    };
    while (view.map().cellsPerDot() > 1) view.map().zoom(1.25);
    paint();
    pan("panning, one dot a cell");
    while (view.map().cellSize() < 12) view.map().zoom(1.25);
    paint();
    pan("panning, cells of 12 px");
    view.map().showAll();
    measure("zooming in and out, each frame a step", 120, [&](int i) {
        view.map().zoom(i % 40 < 20 ? 1.25 : 0.8);
        paint();
    });
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const int n = argc > 1 ? std::max(std::atoi(argv[1]), 16) : 1024;
    Theme::instance().setMode(Theme::Mode::dark);
    Theme::instance().apply();
    std::printf("%-44s %11s %11s\n", "", "median", "95 of 100");
    const MapData full = longMap(n, false), causal = longMap(n, true);
    for (const auto& [name, pooling] : {std::pair{"pooling 3 x 3, strongest", Pooling::strongest}, {"pooling 3 x 3, mean", Pooling::mean}})
        measure(name, 20, [&](int) { pooled(causal.values.get(), causal.allowedScores.get(), n, n, 3, pooling); });
    measureFrames("full attention", full);
    measureFrames("causal (half of it hatched)", causal);
    return 0;
}
