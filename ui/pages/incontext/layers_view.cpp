#include "ui/pages/incontext/layers_view.h"

#include <algorithm>
#include <cmath>

#include "ui/text/terms.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

PlotSeries layersCurve(const QString& name, Role role, const std::vector<LossPoint>& points) {
    PlotSeries series{.name = name, .role = role, .dots = true};
    for (const LossPoint& point : points)
        if (point.loss) {
            series.x.push_back(point.at);
            series.y.push_back(*point.loss);
        }
    return series;
}

PlotSeries runsCurve(const QString& name, Role role, const std::vector<LayerPoint>& runs, bool product) {
    PlotSeries series{.name = name, .role = role, .line = false, .squares = true, .onTop = true};
    for (const LayerPoint& run : runs) {
        if (run.product != product) continue;
        series.x.push_back(run.layers);
        series.y.push_back(run.loss);
    }
    return series;
}

}  // namespace

LayersView::LayersView(QWidget* parent) : QWidget(parent) {
    m_plot = named("incontext.regression.layers", new Plot(tr("Loss against layers and steps")));
    m_plot->setScales(AxisScale::linear, AxisScale::logarithmic);
    m_plot->setXTitle(tr("layers, steps"));
    m_plot->setReading([](double loss) { return significant(loss, 3); });
    m_plot->setFlag([](double at) { return QString::number(std::lround(at)); });
    m_plot->setEmptyText(tr("The curves are on their way."));
    m_plot->setToolTip(withTerm(
        tr("Squares: the open runs on this task, at their number of layers. Lines: so many gradient steps with the best constant η, and "
           "GD++, "
           "whose steps also turn the inputs (best constant η and γ). The models choose other numbers for every layer, the lines do not."),
        QStringLiteral("gd++")));
    m_plot->legend()->setRows(2);
    m_plot->legend()->show();
    m_sentence = new WrappedText(2, TextSize::caption, Role::muted);
    auto* lines = column(this);
    lines->addWidget(m_plot->legend());
    lines->addWidget(m_plot, 1);
    lines->addWidget(m_sentence);
    keepSpacing(lines, {6, 2, 4, 2}, 0);
}

QString LayersView::sentence() const {
    return m_sentence->text();
}

void LayersView::setScene(const RegressionScene& scene) {
    std::vector<PlotSeries> series;
    std::vector<LayerPoint> runs = scene.runs;
    std::ranges::stable_sort(runs, {}, &LayerPoint::layers);
    series.push_back(runsCurve(tr("models"), modelRole, runs, true));
    series.push_back(runsCurve(tr("softmax"), Role::text, runs, false));
    m_plot->setLevel(std::nullopt);
    if (scene.lines) {
        series.push_back(layersCurve(tr("GD"), oneStepRole, scene.lines->gradient));
        series.push_back(layersCurve(tr("GD++"), plusRole, scene.lines->plus));
        if (scene.lines->leastSquares.loss && *scene.lines->leastSquares.loss > 1e-9)
            m_plot->setLevel(*scene.lines->leastSquares.loss, tr("least squares"));
    }
    std::erase_if(series, [](const PlotSeries& each) { return each.x.empty(); });
    double most = TaskLines::mostSteps;
    for (const LayerPoint& run : runs) most = std::max(most, static_cast<double>(run.layers));
    m_plot->setXRange(0.7, most + 0.3);
    m_plot->setHand(series.empty() ? std::nullopt : std::optional<double>(scene.layers), QString::number(scene.layers), false);
    m_plot->setSeries(std::move(series));
    m_sentence->setText(wordsOf(scene, runs));
}

/// Each run beside as many gradient steps as it has layers.
QString LayersView::wordsOf(const RegressionScene& scene, const std::vector<LayerPoint>& runs) const {
    if (!scene.lines) return {};
    QStringList words;
    for (const LayerPoint& run : runs) {
        const auto steps = std::ranges::find(scene.lines->gradient, run.layers, &LossPoint::at);
        if (steps == scene.lines->gradient.end() || !steps->loss) continue;
        words << tr("%1: %2, %3: %4").arg(run.run, significant(run.loss, 3), stepsName(run.layers), significant(*steps->loss, 3));
    }
    return words.join(QStringLiteral("; "));
}

}  // namespace lab
