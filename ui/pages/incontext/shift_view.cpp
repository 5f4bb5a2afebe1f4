#include "ui/pages/incontext/shift_view.h"

#include <QHBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/incontext/closed_form.h"
#include "ui/text/terms.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/log_slider.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr double leastScale = 0.25, largestScale = 4, mostShown = 8;  // of the answer 0
constexpr int derivedPoints = 96;

/// Between the first and the last scale, evenly on a log axis.
std::vector<double> fineScales() {
    std::vector<double> scales;
    for (int i = 0; i <= derivedPoints; ++i) scales.push_back(leastScale * std::pow(largestScale / leastScale, double(i) / derivedPoints));
    return scales;
}

PlotSeries shiftSeries(const QString& name, Role role, const std::vector<ShiftPoint>& points) {
    PlotSeries series{.name = name, .role = role};
    for (const ShiftPoint& point : points) {
        series.x.push_back(point.scale);
        series.y.push_back(point.ratio());
    }
    return series;
}

}  // namespace

ShiftView::ShiftView(QWidget* parent) : QWidget(parent) {
    m_what = named("incontext.regression.shift.what", new SegmentedControl({tr("x"), tr("w")}, tr("What is scaled")));
    m_what->setHeight(20);
    m_what->setChoiceToolTip(0, tr("The inputs are a times as large as in the training"));
    m_what->setChoiceToolTip(1, tr("The functions are a times as steep as in the training"));
    m_scale = named("incontext.regression.shift.scale", new LogSlider(tr("Scale a"), leastScale, largestScale));
    m_scale->setToolTip(withTerm(tr("a: what x, or w, is multiplied by"), QStringLiteral("covariate_shift")));
    m_scale->setMark(1);
    m_scale->setNumber(1);
    m_plot = named("incontext.regression.shift", new Plot(tr("Loss against scale")));
    m_plot->setScales(AxisScale::logarithmic, AxisScale::linear);
    m_plot->setXRange(leastScale, largestScale);
    m_plot->setXTitle(tr("scale a, log"));
    m_plot->setReading([](double ratio) { return fixed(ratio, 2); });
    m_plot->setFlag([](double scale) { return tr("a %1").arg(fixed(scale, 2)); });
    m_plot->setEmptyText(tr("Measuring"));
    m_plot->setToolTip(tr(
        "Loss divided by that of answering 0. The line follows from the second and fourth moments of x for one gradient step whose η stays "
        "as it was trained; the squares are the model, measured. For normal x and no noise it crosses 1 at a = √2, with noise s at "
        "a² = 2 + s²/(N + d + 1)."));
    m_plot->legend()->show();
    m_sentence = new WrappedText(2, TextSize::caption, Role::muted);
    auto* lines = column(this);
    auto* choice = new QWidget;
    auto* row = new QHBoxLayout(choice);
    keepSpacing(row, {8, 2, 8, 0}, 6);
    row->addWidget(m_what);
    row->addWidget(m_scale, 1);
    lines->addWidget(choice);
    lines->addWidget(m_plot->legend());
    lines->addWidget(m_plot, 1);
    lines->addWidget(m_sentence);
    keepSpacing(lines, {6, 2, 4, 2}, 0);
    const auto moved = [this] {
        showCurves();
        emit changed();
    };
    connect(m_what, &SegmentedControl::chosen, this, moved);
    connect(m_scale, &LogSlider::numberMoved, this, moved);
}

double ShiftView::scale() const {
    return m_scale->number();
}

void ShiftView::setScale(double scale) {
    m_scale->setNumber(scale);
    showCurves();
}

bool ShiftView::ofWeights() const {
    return m_what->current() == 1;
}

void ShiftView::setOfWeights(bool ofWeights) {
    m_what->setCurrent(ofWeights ? 1 : 0);
    showCurves();
}

QString ShiftView::sentence() const {
    return m_sentence->text();
}

void ShiftView::setScene(const RegressionScene& scene) {
    m_scene = scene;
    showCurves();
}

/// The model's own, where its products tell one; else the best.
double ShiftView::eta() const {
    if (m_scene.study && m_scene.study->step) return m_scene.study->step->eta;
    const auto method = bestStep(m_scene);
    return method ? method->eta : 0;
}

std::vector<PlotSeries> ShiftView::curves() const {
    std::vector<PlotSeries> series;
    if (const auto moments = momentsOf(m_scene.task); moments && eta() != 0) {
        const auto derived = ofWeights() ? weightShift(*moments, eta(), fineScales()) : inputShift(*moments, eta(), fineScales());
        series.push_back(shiftSeries(tr("one step, derived"), oneStepRole, derived));
    }
    const bool measured = m_scene.study && !m_scene.study->inputShift.empty();
    if (measured) {
        series.push_back(
            shiftSeries(tr("model, measured"), modelRole, ofWeights() ? m_scene.study->weightShift : m_scene.study->inputShift));
        series.back().line = false;
        series.back().squares = true;
        series.back().onTop = true;
    }
    return series;
}

void ShiftView::showCurves() {
    std::vector<PlotSeries> series = curves();
    double most = 1.5;
    for (const PlotSeries& each : series)
        for (const double ratio : each.y) most = std::max(most, ratio);
    m_plot->setYRange(std::pair(0.0, std::min(most * 1.05, mostShown)));
    m_plot->setLevel(1, tr("answering 0"));
    m_plot->setHand(scale(), tr("a = %1").arg(fixed(scale(), 2)), false);
    m_plot->setSeries(std::move(series));
    showSentence();
}

void ShiftView::showSentence() {
    const auto moments = momentsOf(m_scene.task);
    if (!moments)
        return m_sentence->setText(tr("The derived curve is of linear functions; these are not, so the model is measured alone."));
    if (eta() == 0) return m_sentence->setText({});
    if (ofWeights())
        return m_sentence->setText(
            moments->noise > 0
                ? tr("Scaled functions scale truth and answer alike, noise stays: relatively it counts less the steeper they are.")
                : tr("Scaled functions scale truth and answer alike: relatively nothing changes."));
    const double worse = worseThanZeroFrom(*moments, eta());
    m_sentence->setText(tr("With its η the step is worse than answering 0 from a = %1 on.").arg(fixed(worse, 3)));
}

}  // namespace lab
