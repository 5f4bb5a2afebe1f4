#include "ui/pages/incontext/examples_panel.h"

#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"

namespace lab {
namespace {

constexpr double leastLoss = 1e-3;  ///< lower ones are drawn there

PlotSeries seriesOf(const QString& name, Role role, const std::vector<LossPoint>& points) {
    PlotSeries series{.name = name, .role = role};
    for (const LossPoint& point : points) {
        if (!point.loss) continue;
        series.x.push_back(point.at);
        series.y.push_back(std::max(*point.loss, leastLoss));
    }
    return series;
}

/// From the floor on where a curve lies on it: what is drawn there has no place below. Nothing: as the curves have it.
std::optional<std::pair<double, double>> rangeOfNumbers(const std::vector<PlotSeries>& series) {
    double lowest = 1, highest = leastLoss;
    for (const PlotSeries& each : series)
        for (const double loss : each.y) {
            lowest = std::min(lowest, loss);
            highest = std::max(highest, loss);
        }
    if (lowest > leastLoss || highest <= leastLoss) return std::nullopt;
    return std::pair(leastLoss, 1.2 * highest);
}

}  // namespace

ExamplesPanel::ExamplesPanel(QWidget* parent) : PanelFrame(tr("Loss against examples"), parent) {
    m_plot = named("incontext.regression.examples", new Plot(tr("Loss against examples")));
    m_plot->setScales(AxisScale::logarithmic, AxisScale::logarithmic);
    m_plot->setXTitle(tr("examples in the prompt, log"));
    m_plot->setReading(
        [](double loss) { return loss > leastLoss ? significant(loss, 3) : QString(QChar(0x2264)) + significant(leastLoss, 1); });
    m_plot->setFlag([](double count) { return counted(LAB_PLURAL("incontext", "%n pair(s)"), std::lround(count)); });
    m_plot->setEmptyText(tr("The curves are on their way."));
    m_plot->setToolTip(tr(
        "Half the mean square error on many tasks of this kind. The gradient steps have the best η for each number of examples; the model "
        "has the weights it has. Least squares is undefined while there are fewer pairs than dimensions: its curve begins there. Losses "
        "below 0.001 are drawn there."));
    m_plot->legend()->show();
    addControl(m_plot->legend());
    setContent(m_plot);
}

void ExamplesPanel::setScene(const RegressionScene& scene) {
    std::vector<PlotSeries> series;
    if (scene.lines) {
        const auto& by = scene.lines->byExamples;
        series.push_back(seriesOf(tr("GD 1"), oneStepRole, by.oneStep));
        if (scene.steps > 1) series.push_back(seriesOf(tr("GD %1").arg(scene.steps), stepsRole, by.steps));
        series.push_back(seriesOf(tr("LS"), squaresRole, by.leastSquares));
    }
    if (scene.study && !scene.study->byExamples.empty()) {
        PlotSeries model{.name = tr("model"), .role = modelRole, .width = modelWidth};
        for (const ExampleLoss& point : scene.study->byExamples) {
            model.x.push_back(point.examples);
            model.y.push_back(std::max(point.loss, leastLoss));
        }
        series.push_back(std::move(model));
    }
    std::erase_if(series, [](const PlotSeries& each) { return each.x.empty(); });
    const std::vector<int> counts = exampleCounts(scene.task);
    m_plot->setXRange(counts.front(), counts.back());
    m_plot->setHand(scene.look && !series.empty() ? std::optional<double>(scene.look->prompt.points()) : std::nullopt,
                    scene.look ? counted(LAB_PLURAL("incontext", "%n pair(s)"), scene.look->prompt.points()) : QString(), false);
    m_plot->setYRange(rangeOfNumbers(series));
    m_plot->setSeries(std::move(series));
    setSubtitle(scene.study && scene.studiedStep != scene.step ? tr("measured at step %1").arg(grouped(scene.studiedStep)) : QString());
}

}  // namespace lab
