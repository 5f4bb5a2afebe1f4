// What drawing maps costs: of a long one pooling and a frame of the enlarged head while it is zoomed and panned; of 144 and 270 heads of
// 128 tokens colouring and drawing all of them, and a frame while the hand moves over them. Prints, asserts nothing.
// usage: QT_QPA_PLATFORM=offscreen [QT_SCALE_FACTOR=2] maps_bench [cells a side = 1024]

#include <QApplication>
#include <QImage>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <vector>

#include "core/analysis/pooling.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "ui/pages/maps/dense_grid.h"
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

/// A model with random weights, and what it makes of 128 tokens.
struct TracedModel {
    std::shared_ptr<const Model> model;
    Weights weights;

    TracedModel(int layers, int heads, int kvHeads, Architecture architecture) {
        Experiment experiment;
        experiment.task.vocab_size = 1000;
        experiment.task.seq_len = 128;
        experiment.model.architecture = architecture;
        experiment.model.num_layers = layers;
        experiment.model.num_heads = heads;
        experiment.model.num_kv_heads = kvHeads;
        experiment.model.d_model = heads * 64;
        model = std::make_shared<const Model>(resolved(experiment).model);
        weights = initialWeights(*model, 1);
    }

    std::shared_ptr<const Trace> trace(int from) const {
        Input input;
        for (int i = 0; i < 128; ++i) input.tokens.push_back((from + 37 * i) % 1000);
        return std::make_shared<const Trace>(model->trace(weights, input));
    }
};

struct ReadyMaps {
    MapsScene scene;
    StageMaps maps;

    ReadyMaps(const TracedModel& traced, int from) {
        const auto trace = traced.trace(from);
        for (const AttentionBlock& info : traced.model->attentionBlocks()) {
            MapsBlock& block = scene.blocks.emplace_back();
            block.info = info;
            const Tensor& weights = trace->at(info.name + ".weights");
            const Tensor& masked = trace->at(info.name + ".masked_scores");
            for (int head = 0; head < info.heads; ++head) {
                MapData cells;
                cells.rows = cells.columns = static_cast<int>(weights.extent(1));
                cells.values = {trace, weights.values.data() + std::ptrdiff_t{head} * cells.rows * cells.columns};
                cells.allowedScores = {trace, masked.values.data() + std::ptrdiff_t{head} * cells.rows * cells.columns};
                block.heads.push_back({.name = QString::number(head), .weights = cells});
                scene.heads.push_back({static_cast<int>(scene.blocks.size()) - 1, head});
            }
        }
        maps = StageMaps(scene, trace, {});
    }
};

void measureManyHeads(const char* kind, const TracedModel& traced) {
    const ReadyMaps ready[] = {{traced, 1}, {traced, 2}};
    DenseGrid grid;
    grid.setRoom({820, 500}, false);
    grid.setScene(ready[0].scene, ready[0].maps);
    grid.resize(grid.sizeHint());
    const double dots = grid.devicePixelRatioF();
    QImage target((QSizeF(grid.size()) * dots).toSize(), QImage::Format_RGB32);
    target.setDevicePixelRatio(dots);
    const auto paint = [&](const QRegion& part = {}) { grid.render(&target, {}, part, QWidget::DrawChildren); };
    std::printf("\n%s: %d maps of 128 tokens, %g dots a px\n", kind, ready[0].scene.headCount(), dots);
    measure("other numbers: coloured and drawn", 40, [&](int i) {
        const ReadyMaps& other = ready[1 - i % 2];
        grid.setScene(other.scene, other.maps);
        paint();
    });
    measure("the hand moves over them, a frame each", 240, [&](int i) {
        QMouseEvent move(QEvent::MouseMove, QPointF(40 + i * 3 % 700, 30 + i * 2 % 400), QPointF(), Qt::NoButton, {}, {});
        QCoreApplication::sendEvent(&grid, &move);
        paint();
    });
    measure("scrolled, a frame each", 240, [&](int i) { paint(QRect(0, i % 200, grid.width(), 300)); });
    measure("one kind of heads shown, a frame each", 60, [&](int i) {
        grid.setFilter(i % 2 ? std::optional(HeadHabit::mixed) : HeadHabit::broad);
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
    measureManyHeads("BERT base's shape", TracedModel(12, 12, 12, Architecture::encoder));
    measureManyHeads("SmolLM2's shape", TracedModel(30, 9, 3, Architecture::decoder));
    return 0;
}
