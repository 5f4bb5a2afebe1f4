#include "ui/pages/train/part_view.h"

#include <QHBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/text_table.h"

namespace lab {
namespace {

constexpr Role partRoles[] = {Role::series1, Role::series2, Role::series3, Role::series4, Role::series5, Role::text};
constexpr double partWidth = 1.8, groupWidth = 2.6, memberWidth = 1.0;
constexpr int partViewWidth = 420, partViewHeight = 118;  // logical px at 100 %
constexpr double airAbove = 0.08;                         ///< of the values' range

Role partRole(std::size_t line) {
    return partRoles[line % std::size(partRoles)];
}

}  // namespace

PartView::PartView(QWidget* parent) : QWidget(parent), m_plots(new CurrentStack), m_table(new TextTable(tr("Values at the step shown"))) {
    for (const PartMeasure* row : PartMeasure::table()) {
        auto* plot = named(QStringLiteral("train.parts.") + qt(row->id), new Plot(shown(Message(row->title))));
        plot->setToolTip(shown(Message(row->help)));
        plot->setReading([decimals = row->decimals](double value) { return fixed(value, decimals); });
        plot->setEmptyText(tr("Nothing is measured yet."));
        connect(plot, &Plot::handMoved, this, [this](double step) { emit stepWanted(std::llround(step)); });
        m_plots->addWidget(plot);
    }
    m_table->setColumns({tr("curve"), tr("now")}, {.62, .38});
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_plots, 3);
    layout->addWidget(m_table, 2);
    m_history.watchWith(*this);
    connect(&m_history, &PartHistory::changed, this, &PartView::fill);
}

QSize PartView::sizeHint() const {
    return {Theme::instance().px(partViewWidth), Theme::instance().px(partViewHeight)};
}

std::size_t PartView::partIndex() const {
    return static_cast<std::size_t>(std::ranges::find(parts(), m_part) - parts().begin());
}

Plot& PartView::plot() const {
    return *static_cast<Plot*>(m_plots->currentWidget());
}

void PartView::setRun(Run* run) {
    if (run == m_history.run()) return;
    m_wanted.reset();
    m_part = nullptr;
    m_curves.clear();
    m_history.look(run);
    if (!parts().empty()) setPart(*parts().front());
}

void PartView::setPart(const PartMeasure& part) {
    m_part = &part;
    m_curves = part.curves(*m_history.run()->model());
    m_plots->setCurrentIndex(static_cast<int>(std::ranges::find(PartMeasure::table(), &part) - PartMeasure::table().begin()));
    const auto level = part.level(m_history.run()->model()->config());
    plot().setLevel(level ? std::optional(level->value) : std::nullopt, level ? shown(level->label) : QString());
    fill();
}

void PartView::showStep(std::int64_t step, std::int64_t lastStep, const CheckpointPtr& checkpoint) {
    if (parts().empty()) return;
    const bool moved = step != m_step || lastStep != m_lastStep;
    m_step = step;
    m_lastStep = lastStep;
    m_wanted = checkpoint;
    m_history.want(checkpoint);
    if (!moved) return;
    fillStep();
    fillTable(lines());
}

bool PartView::ready() const {
    if (!isVisible() || !m_history.error().isEmpty()) return true;
    return m_history.settled() && (!m_wanted || m_history.has(m_wanted->step));
}

/// Each curve, or where they are too many each group.
std::vector<PartView::Line> PartView::lines() const {
    std::vector<Line> lines;
    const bool joined = m_curves.size() > mostCurves;
    for (std::size_t c = 0; c < m_curves.size(); ++c) {
        const bool first = c == 0 || m_curves[c].group != m_curves[c - 1].group;
        if (!joined || first) lines.push_back({shown(joined ? m_curves[c].group : m_curves[c].name), {}});
        lines.back().curves.push_back(c);
    }
    return lines;
}

double PartView::valueOf(const Line& line, const PartHistory::Values& values) const {
    std::vector<double> own;
    for (const std::size_t curve : line.curves) own.push_back(values[partIndex()][curve]);
    return own.size() == 1 ? own.front() : m_part->ofGroup(own);
}

void PartView::fill() {
    if (!m_part || !m_history.run()) return;
    const std::vector<Line> drawn = lines();
    fillPlot(drawn);
    fillTable(drawn);
}

void PartView::fillPlot(const std::vector<Line>& lines) {
    std::vector<PlotSeries> series, members;
    double highest = m_part->low;
    const auto add = [&](PlotSeries& to, std::int64_t step, double value) {
        if (!std::isfinite(value)) return;
        to.x.push_back(static_cast<double>(step));
        to.y.push_back(value);
        highest = std::max(highest, value);
    };
    for (std::size_t l = 0; l < lines.size(); ++l) {
        const bool group = lines[l].curves.size() > 1;
        series.push_back({.name = lines[l].name, .role = partRole(l), .width = group ? groupWidth : partWidth, .onTop = group});
        for (const auto& [step, values] : m_history.measured()) add(series.back(), step, valueOf(lines[l], values));
        for (std::size_t c = 0; group && c < lines[l].curves.size(); ++c) {
            const std::size_t curve = lines[l].curves[c];
            members.push_back({.name = shown(m_curves[curve].name), .role = partRole(l), .width = memberWidth, .quiet = true});
            for (const auto& [step, values] : m_history.measured()) add(members.back(), step, values[partIndex()][curve]);
        }
    }
    std::vector<double> stops;
    for (const auto& each : m_history.measured()) stops.push_back(static_cast<double>(each.first));
    const auto level = m_part->level(m_history.run()->model()->config());
    if (level) highest = std::max(highest, level->value);
    const double range = highest > m_part->low ? highest - m_part->low : 1;
    const bool any = !m_history.measured().empty();
    series.insert(series.end(), std::make_move_iterator(members.begin()), std::make_move_iterator(members.end()));
    Plot& curves = plot();
    curves.setEmptyText(m_history.error().isEmpty() ? tr("Nothing is measured yet.") : m_history.error());
    curves.setYRange(std::pair(m_part->low, m_part->low + range * (1 + airAbove)));
    curves.setHandStops(std::move(stops));
    curves.setSeries(any ? std::move(series) : std::vector<PlotSeries>());
    fillStep();
}

void PartView::fillStep() {
    const bool any = !m_history.measured().empty();
    plot().setXRange(0, static_cast<double>(std::max<std::int64_t>(m_lastStep, 1)));
    plot().setHand(any ? std::optional(static_cast<double>(m_step)) : std::nullopt, tr("step %1").arg(grouped(m_step)));
}

/// Of the newest step up to the shown one that is measured.
void PartView::fillTable(const std::vector<Line>& lines) {
    const auto behind = m_history.measured().upper_bound(m_step);
    const bool any = behind != m_history.measured().begin();
    const auto at = any ? std::prev(behind) : behind;
    m_table->setColumns({tr("curve"), any ? tr("step %1").arg(grouped(at->first)) : tr("step")}, {.62, .38});
    std::vector<TextTable::Row> rows;
    for (std::size_t l = 0; l < lines.size(); ++l) {
        const double value = any ? valueOf(lines[l], at->second) : std::nan("");
        rows.push_back({{lines[l].name, std::isfinite(value) ? fixed(value, m_part->decimals) : QStringLiteral("\u2013")}, partRole(l)});
    }
    m_table->setRows(std::move(rows));
}

}  // namespace lab
