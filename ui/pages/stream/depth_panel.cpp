#include "ui/pages/stream/depth_panel.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr std::array classRoles{Role::series1, Role::series2, Role::series3, Role::series4};

/// How many layers lie behind each place; the parts of a layer share it.
std::vector<double> depthsOf(const std::vector<StreamPlace>& places) {
    std::vector<double> depths;
    for (std::size_t p = 0; p < places.size(); ++p) {
        const auto same = [&](const StreamPlace& each) { return each.layer == places[p].layer; };
        const auto first = std::ranges::find_if(places, same) - places.begin();
        const double parts = static_cast<double>(std::ranges::count_if(places, same));
        depths.push_back(places[p].layer < 0 ? 0 : places[p].layer + (static_cast<double>(p) - static_cast<double>(first) + 1) / parts);
    }
    return depths;
}

}  // namespace

DepthPanel::DepthPanel(QWidget* parent) : PanelFrame(tr("Through depth"), parent) {
    m_plot = named("stream.lens.depth", new Plot(tr("Probability through depth")));
    m_plot->setXTitle(tr("layers passed, 0 = embedding"));
    m_plot->setReading([](double value) { return fixed(value, 3); });
    m_plot->setNamesAtEnds();
    m_plot->setToolTip(tr(
        "The answer and up to three other classes that come nearest to 1 on the way: their probabilities where the output head reads the "
        "stream behind each part."));
    m_sentence = new WrappedText(2, TextSize::text, Role::text, true);
    m_entropy = new ElidedLabel({}, TextSize::axis);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->addWidget(m_plot, 1);
    auto* words = new QVBoxLayout;
    words->addWidget(m_sentence);
    words->addWidget(m_entropy);
    lines->addLayout(words);
    keepSpacing(words, {8, 4, 8, 6}, 2);
    keepSpacing(lines, {0, 0, 0, 0}, 0);
    setContent(body);
    connect(m_plot, &Plot::handMoved, this, &DepthPanel::moveTo);
}

void DepthPanel::show(const LensStudy::Found& found, const LensScene& scene, int place) {
    const int position = found.question.position;
    const std::vector<StreamPlace>& places = found.lens->states.places;
    m_depths = depthsOf(places);
    std::vector<PlotSeries> series;
    double most = 0.01;
    for (std::size_t c = 0; c < found.course.classes.size(); ++c) {
        PlotSeries one;
        one.name = bareToken(scene.classText(found.course.classes[c]));
        one.role = classRoles[c % classRoles.size()];
        one.squares = true;
        one.x = m_depths;
        one.y = found.course.shares[c];
        most = std::max(most, *std::ranges::max_element(one.y));
        series.push_back(std::move(one));
    }
    m_plot->setXRange(0, std::max(m_depths.back(), 1.0));
    m_plot->setYRange(std::pair(0.0, std::min(most * 1.1, 1.0)));
    m_plot->setSeries(std::move(series));
    m_plot->setHandStops(m_depths);
    m_plot->setHand(m_depths[static_cast<std::size_t>(place)], shown(places[static_cast<std::size_t>(place)].label()));
    setTitle(tr("Position %1 through depth").arg(position));
    m_sentence->setText(decisionWords(scene, position));
    QStringList bits;
    for (int row = 0; row < scene.rowCount(); ++row) bits << fixed(scene.at(row, position).entropy, 1);
    m_entropy->setText(tr("entropy, bits: %1").arg(bits.join(QStringLiteral(" \u00B7 "))));
}

void DepthPanel::moveTo(double layers) {
    const auto nearest = std::ranges::min_element(m_depths, {}, [layers](double depth) { return std::abs(depth - layers); });
    if (nearest != m_depths.end()) emit placeWanted(static_cast<int>(nearest - m_depths.begin()));
}

}  // namespace lab
