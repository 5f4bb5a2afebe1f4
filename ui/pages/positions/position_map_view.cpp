#include "ui/pages/positions/position_map_view.h"

#include <QGridLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/pages/positions/text_table.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/value_map.h"
#include "ui/widgets/xy_plot.h"

namespace lab {
namespace {

constexpr int gap = 8;
constexpr int mostTokens = 128;  // of the picture of P

XySeries seriesOf(const QString& name, Role role, const std::vector<double>& y) {
    XySeries series{name, role};
    for (std::size_t i = 0; i < y.size(); ++i) series.x.push_back(static_cast<double>(i));
    series.y = y;
    return series;
}

}  // namespace

PositionMapView::PositionMapView(QWidget* parent) : PositionView(parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_weightPanel = new PanelFrame(tr("The map\u2019s weights w"), this);
    m_weights = new XyPlot(tr("Weights of the position map"));
    m_weights->setXTitle(tr("channel of P"));
    m_weights->setReading([](double w) { return signedFixed(w, 4); });
    m_weightPanel->setContent(m_weights);
    m_termPanel = new PanelFrame(tr("Terms by position"), this);
    m_columns = new XyPlot(tr("Terms of the score by position"));
    m_columns->setXTitle(tr("position"));
    m_columns->setReading([](double value) { return signedFixed(value, 3); });
    m_termPanel->setContent(m_columns);
    m_termPanel->addControl(m_columns->legend());
    m_columns->legend()->show();
    m_gridPanel = new PanelFrame(QString(), this);
    m_channelMap = new ValueMap(tr("One channel of P"));
    m_channelMap->setAxes(tr("query i"), tr("key j"));
    m_channelMap->setSquare(true);
    m_channelMap->setQuantity(tr("P"), [](double value) { return fixed(value, 3); });
    m_gridPanel->setContent(m_channelMap);
    m_rowPanel = new PanelFrame(QString(), this);
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_row = new XyPlot(tr("Weights of one query"));
    m_row->setXTitle(tr("key j"));
    m_row->setReading([](double weight) { return fixed(weight, 4); });
    m_numbers = new TextTable(tr("Terms of one score"));
    m_numbers->setColumns({tr("term"), tr("value"), tr("in the softmax")}, {0.46, 0.22, 0.32});
    layout->addWidget(m_row, 3);
    layout->addWidget(m_numbers, 4);
    m_rowPanel->setContent(body);
    m_rowPanel->addControl(m_row->legend());
    m_row->legend()->show();
    m_grid->addWidget(m_weightPanel, 0, 0);
    m_grid->addWidget(m_termPanel, 1, 0);
    m_grid->addWidget(m_gridPanel, 0, 1, 2, 1);
    m_grid->addWidget(m_rowPanel, 0, 2, 2, 1);
    m_grid->setColumnStretch(0, 4);
    m_grid->setColumnStretch(1, 3);
    m_grid->setColumnStretch(2, 4);
    connect(m_weights, &XyPlot::handMoved, this, [this](double channel) { setChannel(static_cast<int>(std::lround(channel))); });
    connect(&Theme::instance(), &Theme::changed, this, &PositionMapView::applyMeasures);
    applyMeasures();
}

void PositionMapView::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(gap));
}

QString PositionMapView::absence(const PositionScene& scene) const {
    if (!scene.run) return tr("Choose a preset with KV+Pos, such as Reverse \u00B7 KV+Pos, at the top left.");
    if (scene.run->model()->config().attention.form != AttentionForm::kv_pos)
        return tr("This model has no position map. Set attention.form to kv+pos, or choose the preset Reverse \u00B7 KV+Pos.");
    if (const AttentionBlock* block = scene.block(); block && block->cross)
        return tr("Cross-attention has no position terms; choose a head of self-attention.");
    return {};
}

void PositionMapView::look(const PositionScene& scene) {
    m_scene = scene;
    m_terms.reset();
    const AttentionBlock* block = scene.block();
    if (!block || !scene.trace || !scene.checkpoint || !absence(scene).isEmpty()) return;
    const Tensor* scores = scene.trace->find(block->name + ".scores");
    if (!scores) return;
    m_length = static_cast<int>(scores->extent(2));
    m_terms = positionMapTerms(scene.run->model()->layout(), scene.checkpoint->weights, *block, m_length);
    if (!m_terms) return;
    m_channel = std::clamp(m_channel, 0, static_cast<int>(m_terms->weights.size()) - 1);
    showTerms();
    showChannel();
    showRow();
}

void PositionMapView::setChannel(int channel) {
    if (!m_terms) return;
    m_channel = std::clamp(channel, 0, static_cast<int>(m_terms->weights.size()) - 1);
    showChannel();
}

void PositionMapView::showTerms() {
    m_weightPanel->setSubtitle(tr("s = \u03A3 w = %1").arg(signedFixed(m_terms->s, 3)) +
                               (m_terms->s < 0 ? tr(": negative, the most dissimilar key scores most") : QString()));
    XySeries weights = seriesOf(QStringLiteral("w"), Role::series1, m_terms->weights);
    weights.line = false;
    weights.squares = true;
    m_weights->setXRange(-0.5, static_cast<double>(m_terms->weights.size()) - 0.5);
    m_weights->setShaded(std::pair(-0.5, m_terms->rowChannels - 0.5), tr("of the query: cancel but for s"));
    m_weights->setSeries({std::move(weights)});
    m_columns->setXRange(-0.5, m_length - 0.5);
    m_columns->setSeries({seriesOf(tr("g(j) of the key"), Role::series1, m_terms->column),
                          seriesOf(tr("of the query, cancels"), Role::series5, m_terms->row)});
}

void PositionMapView::showChannel() {
    const int shown = std::min(m_length, mostTokens), channels = static_cast<int>(m_terms->weights.size());
    m_weights->setHand(m_channel,
                       tr("channel %1: %2").arg(m_channel).arg(signedFixed(m_terms->weights[static_cast<std::size_t>(m_channel)], 3)));
    m_channelMap->setData(mapOf(gridChannel(channels, m_channel, shown), shown, shown), {ColorMap::Kind::balance, -1, 1});
    m_channelMap->setSelection({std::min(m_scene.selection.query, shown - 1), std::min(m_scene.selection.key, shown - 1)});
    m_gridPanel->setTitle(tr("P, channel %1").arg(m_channel));
    m_gridPanel->setSubtitle(m_channel < m_terms->rowChannels ? tr("of the query") : tr("of the key"));
}

void PositionMapView::showRow() {
    const AttentionBlock& block = *m_scene.block();
    const Tensor& scores = m_scene.trace->at(block.name + ".scores");
    const int query = std::min(m_scene.selection.query, static_cast<int>(scores.extent(1)) - 1),
              key = std::min(m_scene.selection.key, m_length - 1);
    const CancelledRow row = cancelledRow(*m_terms, *m_scene.trace, block, m_scene.selection.head, query);
    m_rowPanel->setTitle(tr("Row of query %1").arg(query));
    XySeries all = seriesOf(tr("all terms"), Role::series5, row.fullWeights),
             kept = seriesOf(tr("s S + g"), Role::series1, row.reducedWeights);
    all.width = 5;
    kept.squares = true;
    m_row->setXRange(-0.5, m_length - 0.5);
    m_row->setSeries({std::move(kept), std::move(all)});
    m_row->setHand(key, tr("key %1").arg(key), false);
    const std::size_t i = static_cast<std::size_t>(query), j = static_cast<std::size_t>(key);
    const auto line = [](const QString& term, const QString& value, const QString& fate, bool bold = false) {
        TextTable::Row result;
        result.cells = {term, value, fate};
        result.bold = bold;
        return result;
    };
    const QString stays = tr("stays"), cancels = tr("cancels");
    m_numbers->setRows(
        {line(tr("S = q \u00B7 k / \u221Ad"), signedFixed(row.plain[j], 4), QString()),
         line(tr("s S"), signedFixed(m_terms->s * row.plain[j], 4), stays),
         line(tr("g(j) = \u03A3 w_{c} P of key %1").arg(key), signedFixed(m_terms->column[j], 4), stays),
         line(tr("\u03A3 w_{c} P of query %1").arg(query), signedFixed(m_terms->row[i], 4), cancels),
         line(tr("bias b"), signedFixed(m_terms->bias, 4), cancels),
         line(tr("score S\u2032"), signedFixed(row.full[j], 4), tr("model: within %1").arg(scientific(row.scoreDifference, 0)), true),
         line(tr("weight, all terms"), fixed(row.fullWeights[j], 6), tr("model: %1").arg(fixed(row.modelWeights[j], 6)), true),
         line(tr("weight, s S + g alone"), fixed(row.reducedWeights[j], 6),
              tr("differ by %1").arg(row.difference == 0 ? QStringLiteral("0") : scientific(row.difference, 0)), true)});
}

}  // namespace lab
