#include "ui/pages/maps/head_curves.h"

#include <algorithm>
#include <cmath>

#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/plot_legend.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int leastWithLegend = 680;  // logical px at 100 %
constexpr Role curveRoles[HeadCurves::mostCurves] = {Role::series1, Role::series2, Role::series3, Role::series4};

}  // namespace

HeadCurves::HeadCurves(QWidget* parent) : PanelFrame(tr("When did it form?"), parent) {
    setDense(true);
    m_plot = named(".plot", new Plot(tr("Head metric over training")));
    m_plot->setXTitle(tr("step"));
    m_plot->setEmptyText(tr("Nothing is measured yet."));
    setContent(m_plot);
    addControl(m_plot->legend());
    m_plot->legend()->hide();
    m_formed = named(".formed", new Button(tr("Show")));
    m_formed->setHeight(18);
    m_formed->setAccessibleName(tr("Show the step at which it formed"));
    m_formed->hide();
    addControl(m_formed);
    m_measure = named(".measure", new Button(tr("Go on")));
    m_measure->setHeight(18);
    m_measure->setAccessibleName(tr("Go on measuring the heads over training"));
    m_measure->setToolTip(tr("Measures the kept steps that are still missing"));
    m_measure->hide();
    addControl(m_measure);
    connect(m_measure, &QPushButton::clicked, this, &HeadCurves::measuringWanted);
    connect(m_formed, &QPushButton::clicked, this, [this] { emit stepWanted(m_formedStep); });
    connect(m_plot, &Plot::handMoved, this, [this](double step) { emit stepWanted(std::llround(step)); });
}

void HeadCurves::setCurves(HeadMetric metric, const std::optional<SourcePattern>& pattern, const std::vector<std::int64_t>& steps,
                           const std::vector<HeadCurve>& curves, double level) {
    std::vector<PlotSeries> series;
    for (std::size_t c = 0; c < std::min(curves.size(), mostCurves); ++c) {
        PlotSeries one{curves[c].name, curveRoles[c]};
        for (std::size_t i = 0; i < std::min(steps.size(), curves[c].values.size()); ++i) {
            if (!std::isfinite(curves[c].values[i])) continue;
            one.x.push_back(static_cast<double>(steps[i]));
            one.y.push_back(curves[c].values[i]);
        }
        if (!one.x.empty()) series.push_back(std::move(one));
    }
    m_plot->setReading([metric](double value) { return metricText(metric, value); });
    const bool share = isMass(metric) || metric == HeadMetric::entropy;
    m_plot->setYRange(share ? std::optional(std::pair(0.0, 1.0)) : std::nullopt);
    std::vector<PlotScene::Mark> marks;
    if (!curves.empty() && curves.front().formation)
        marks.push_back({static_cast<double>(curves.front().formation->step),
                         tr("formed: step %1, half of %2")
                             .arg(grouped(curves.front().formation->step), metricText(metric, curves.front().formation->finalValue))});
    m_formed->setVisible(!marks.empty());
    if (!marks.empty()) tellFormed(metric, pattern, curves.front());
    m_plot->setMarks(std::move(marks));
    m_plot->setLevel(std::isnan(level) ? std::nullopt : std::optional(level), tr("uniform: %1").arg(metricText(metric, level)));
    m_plot->setSeries(std::move(series));
    if (!m_compact) setSubtitle(metricTitle(metric, pattern));
    m_plot->setToolTip(metricHelp(metric, pattern));
}

/// Half of the final value comes before the name, which asks for more: both are said.
void HeadCurves::tellFormed(HeadMetric metric, const std::optional<SourcePattern>& pattern, const HeadCurve& curve) {
    m_formedStep = curve.formation->step;
    QString said = tr("Shows the maps of step %1: from there on its share stays at or above half of its final %2.")
                       .arg(grouped(m_formedStep), metricText(metric, curve.formation->finalValue));
    if (curve.named)
        said += QLatin1Char('\n') +
                tr("It bears the badge \u2018%1\u2019 from step %2 on.").arg(metricTitle(metric, pattern), grouped(*curve.named));
    m_formed->setToolTip(said);
}

void HeadCurves::setShownStep(std::int64_t step, std::int64_t lastStep) {
    m_plot->setXRange(0, static_cast<double>(std::max<std::int64_t>(lastStep, 1)));
    m_plot->setHand(static_cast<double>(step), tr("step %1").arg(grouped(step)));
}

void HeadCurves::setStopped(bool stopped) {
    m_measure->setVisible(stopped);
}

void HeadCurves::setHint(const QString& text) {
    m_plot->setEmptyText(text);
}

void HeadCurves::setCompact(bool compact) {
    m_compact = compact;
    m_plot->setXTitle(compact ? QString() : tr("step"));
}

std::size_t HeadCurves::roomForCurves() const {
    return width() < Theme::instance().px(leastWithLegend) ? 1 : mostCurves;
}

void HeadCurves::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    const bool shown = roomForCurves() > 1;
    if (m_plot->legend()->isHidden() != shown) return;
    m_plot->legend()->setVisible(shown);
    emit roomChanged();
}

QString formationText(HeadMetric metric, const HeadCurve& curve, bool complete) {
    if (!complete) return HeadCurves::tr("measuring\u2026");
    const double last = curve.values.empty() ? std::nan("") : curve.values.back();
    if (!isMass(metric) || std::isnan(last)) return {};
    if (last < mostOfTheWeight) return HeadCurves::tr("not yet: %1").arg(percent(last, 0));
    const bool grew = !curve.values.empty() && curve.values.front() < last / 2;
    if (!curve.formation && grew && curve.values.size() <= 2)
        return HeadCurves::tr("%1 at the end; no step between is kept").arg(percent(last, 0));
    if (!curve.formation) return grew ? HeadCurves::tr("by chance: nothing is learned yet") : HeadCurves::tr("from the start");
    return HeadCurves::tr("half of it at step %1").arg(grouped(curve.formation->step));
}

}  // namespace lab
