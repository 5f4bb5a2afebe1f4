#include "ui/pages/maps/heads_view.h"

#include <QComboBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/pages/maps/head_curves.h"
#include "ui/text/message_text.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headsViewGap = 8;
constexpr int headsViewTitleHeight = 28;
constexpr int leastCurves = 150;

}  // namespace

HeadsView::HeadsView(Focus& focus, HeadHistory& history, QWidget* parent) : QWidget(parent), m_focus(focus), m_history(history) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_tablePanel = new PanelFrame(tr("Head metrics"), this);
    m_table = named("maps.metrics.table", new HeadTable);
    m_tablePanel->setContent(m_table);
    m_metrics = named("maps.metrics.metric", new QComboBox);
    m_metrics->setAccessibleName(tr("Metric over training"));
    m_metrics->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_tablePanel->addControl(new Caption(tr("Metric"), m_metrics));
    m_tablePanel->addControl(m_metrics);
    m_curves = named("maps.metrics.curves", new HeadCurves(this));
    layout->addWidget(m_tablePanel);
    layout->addWidget(m_curves, 1);
    connect(m_metrics, &QComboBox::activated, this,
            [this](int index) { chooseMetric(static_cast<HeadMetric>(m_metrics->itemData(index).toInt())); });
    connect(m_table, &HeadTable::chosenChanged, this, &HeadsView::chooseMetric);
    connect(m_table, &HeadTable::headOpened, this, &HeadsView::headOpened);
    connect(m_table, &HeadTable::headSelected, this, [this](int block, int head) {
        Selection selection = m_focus.selection();
        selection.block = block;
        selection.head = head;
        m_focus.select(selection);
        refreshCurves();
    });
    connect(m_curves, &HeadCurves::stepWanted, &m_focus, &Focus::showStep);
    followTheme(this, &HeadsView::share);
}

void HeadsView::look(const MapsScene& scene, const std::vector<HeadMetrics>& metrics, std::int64_t step) {
    const Run* run = m_focus.run();
    if (!run || static_cast<int>(metrics.size()) != scene.headCount()) return;
    const std::optional<SourcePattern> pattern = patternOf(scene);
    m_rows.clear();
    for (std::size_t index = 0; index < metrics.size(); ++index) {
        const auto [block, head] = scene.heads[index];
        m_rows.push_back(
            {scene.head(index).name, block, head, metrics[index], headBadge(scene, index, metrics[index]), {}, {}, scene.head(index).span});
    }
    if (!m_filled || pattern != m_pattern) fillMetrics(pattern);
    if (m_run != run) {
        m_run = m_focus.run();
        m_table->setChosen(pattern ? HeadMetric::agreement : HeadMetric::entropy);
        m_metrics->setCurrentIndex(m_metrics->findData(static_cast<int>(m_table->chosen())));
    }
    const QString heads = counted(LAB_PLURAL("maps", "%n head(s)"), static_cast<std::int64_t>(m_rows.size()));
    m_tablePanel->setSubtitle(heads + QStringLiteral(" \u00B7 ") + tr("step %1, on this input").arg(grouped(step)));
    m_table->setShownStep(step);
    refreshCurves();
    share();
}

void HeadsView::lendTable(QVBoxLayout* to) {
    if (to != m_lentTo) {
        m_lentTo = to;
        (to ? to : static_cast<QVBoxLayout*>(layout()))->insertWidget(0, m_tablePanel);
        m_table->setBrief(to);
    }
    share();
}

void HeadsView::fillMetrics(const std::optional<SourcePattern>& pattern) {
    m_pattern = pattern;
    m_filled = true;
    m_metrics->clear();
    for (const HeadMetric metric : headMetricList) {
        if (metric == HeadMetric::agreement && !pattern) continue;
        m_metrics->addItem(metricTitle(metric, pattern), static_cast<int>(metric));
        m_metrics->setItemData(m_metrics->count() - 1, metricHelp(metric, pattern), Qt::ToolTipRole);
    }
}

void HeadsView::chooseMetric(HeadMetric metric) {
    m_table->setChosen(metric);
    m_metrics->setCurrentIndex(m_metrics->findData(static_cast<int>(metric)));
    refreshCurves();
}

/// The head in hand first, then those that end highest.
void HeadsView::refreshCurves() {
    const HeadMetric metric = m_table->chosen();
    const std::vector<std::int64_t> steps = m_history.steps();
    const Selection selection = m_focus.selection();
    double level = std::nan("");
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        HeadRow& row = m_rows[i];
        row.series = m_history.values(static_cast<int>(i), metric);
        row.formation = m_history.formation(static_cast<int>(i), metric);
        if (metric == HeadMetric::agreement && row.block == selection.block) level = row.metrics.evenMass(metric);
    }
    std::vector<const HeadRow*> order;
    for (const HeadRow& row : m_rows) order.push_back(&row);
    const auto inHand = [&](const HeadRow* row) { return row->block == selection.block && row->head == selection.head; };
    const auto last = [](const HeadRow* row) { return row->series.empty() || std::isnan(row->series.back()) ? -1.0 : row->series.back(); };
    std::stable_sort(order.begin(), order.end(),
                     [&](const HeadRow* a, const HeadRow* b) { return inHand(a) != inHand(b) ? inHand(a) : last(a) > last(b); });
    order.resize(std::min(order.size(), HeadCurves::mostCurves));
    std::vector<HeadCurve> curves;
    for (const HeadRow* row : order) {
        const int index = static_cast<int>(row - m_rows.data());
        curves.push_back({row->name, row->series, row->formation, m_history.namedFrom(index, metric)});
    }
    m_table->setFormationHint(m_history.complete() ? QString() : QStringLiteral("\u2026"));
    m_table->setSelected(selection.block, selection.head);
    m_table->setRows(m_rows, m_pattern, steps);
    m_curves->setCurves(metric, m_pattern, steps, curves, level);
    const std::int64_t end = m_focus.run() ? m_focus.run()->step() : 0;
    m_curves->setShownStep(m_focus.shownStep(), end);
    m_curves->setStopped(m_history.stopped());
    m_curves->setHint(m_history.error().isEmpty() ? tr("Nothing is measured yet.") : m_history.error());
    if (!curves.empty()) m_curves->setSubtitle(storyOf(metric, curves.front()));
    m_curves->setNote(m_history.pending() > 0
                          ? counted(LAB_PLURAL("maps", "%1 step(s) to measure"), m_history.pending(), {grouped(m_history.pending())})
                          : QString());
}

/// "mirror of L0 H1: half of it at step 262, in the end 93 %, named from step 310 on".
QString HeadsView::storyOf(HeadMetric metric, const HeadCurve& curve) const {
    const QString name = tr("%1 of %2").arg(metricTitle(metric, m_pattern), curve.name);
    if (m_history.stopped()) return tr("%1 is not measured to the end").arg(name);
    QString said = formationText(metric, curve, m_history.complete());
    if (said.isEmpty()) return name;
    if (curve.formation) {
        const QString half = percent(curve.formation->finalValue, 0);
        said = curve.formation->finalValue >= mostOfTheWeight
                   ? tr("%1, in the end %2").arg(said, half)
                   : tr("%1, half of that since step %2").arg(said, grouped(curve.formation->step));
        if (curve.named) said = tr("%1, named from step %2 on").arg(said, grouped(*curve.named));
    }
    return tr("%1: %2").arg(name, said);
}

void HeadsView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    share();
}

/// The table is as tall as its heads, the curves take the rest.
void HeadsView::share() {
    const Theme& theme = Theme::instance();
    layout()->setSpacing(theme.px(headsViewGap));
    const int wanted = m_table->fullHeight() + theme.px(headsViewTitleHeight) + 4;
    const int room = m_lentTo ? m_lentTo->parentWidget()->height() / 2 : height() - theme.px(leastCurves + headsViewGap);
    m_tablePanel->setFixedHeight(std::min(wanted, std::max(theme.px(110), room)));
}

}  // namespace lab
