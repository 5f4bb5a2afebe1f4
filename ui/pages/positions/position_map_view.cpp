#include "ui/pages/positions/position_map_view.h"

#include <QGridLayout>
#include <algorithm>
#include <cmath>

#include "core/analysis/ablation.h"
#include "core/config/model_config.h"
#include "core/layers/position/alibi.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int positionMapViewGap = 8;
constexpr int positionMapViewMostTokens = 128;  // of the picture of P

PlotSeries seriesOf(const QString& name, Role role, const std::vector<double>& y) {
    PlotSeries series{name, role};
    for (std::size_t i = 0; i < y.size(); ++i) series.x.push_back(static_cast<double>(i));
    series.y = y;
    return series;
}

}  // namespace

PositionMapView::PositionMapView(QWidget* parent) : PositionView(parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makePlots();
    makeMaps();
    m_numberPanel = new PanelFrame(QString(), this);
    m_numbers = new TextTable(tr("Terms of one score"));
    m_numbers->setColumns({tr("term"), tr("value"), tr("fate")}, {0.5, 0.25, 0.25});
    m_numberPanel->setContent(m_numbers);
    int cell = 0;
    for (PanelFrame* panel : {m_weightPanel, m_gridPanel, m_rowPanel, m_termPanel, m_partPanel, m_numberPanel}) {
        m_grid->addWidget(panel, cell / 3, cell % 3);
        m_grid->setColumnStretch(cell % 3, 1);
        m_grid->setRowStretch(cell++ / 3, 1);
    }
    connect(m_weights, &Plot::handMoved, this, [this](double channel) { setChannel(static_cast<int>(std::lround(channel))); });
    connect(m_part, &SegmentedControl::chosen, this, &PositionMapView::showPart);
    keepSpacing(m_grid, positionMapViewGap);
}

void PositionMapView::makePlots() {
    const auto make = [this](const QString& title, const QString& name, const QString& x, int decimals, PanelFrame*& panel) {
        panel = new PanelFrame(title, this);
        auto* plot = new Plot(name);
        plot->setXTitle(x);
        plot->setReading([decimals](double value) { return signedFixed(value, decimals); });
        panel->setContent(plot);
        panel->addControl(plot->legend());
        plot->legend()->show();
        return plot;
    };
    m_weights =
        named("positions.map.weights", make(tr("Weights w"), tr("Weights of the position map"), tr("channel of P"), 3, m_weightPanel));
    m_columns = named("positions.map.terms", make(tr("Terms"), tr("Terms of the score by position"), tr("position"), 2, m_termPanel));
    m_columns->setToolTip(
        tr("\u03A3 w_c P_c over the key\u2019s channels, g(j), and over the query\u2019s, which is the same for every key and "
           "cancels in the softmax"));
    m_row = named("positions.map.row", make(QString(), tr("Weights of one query"), tr("key j"), 4, m_rowPanel));
    m_row->setReading([](double weight) { return fixed(weight, 3); });
}

void PositionMapView::makeMaps() {
    const auto make = [this](const QString& name, const QString& quantity, PanelFrame*& panel) {
        panel = new PanelFrame(QString(), this);
        auto* map = new Map(MapForm::values(), name);
        map->setAxes(tr("query i"), tr("key j"));
        map->setSquare(true);
        map->setQuantity(quantity, [](double value) { return fixed(value, 3); });
        panel->setContent(map);
        return map;
    };
    m_channelMap = named("positions.map.channel", make(tr("One channel of P"), tr("P"), m_gridPanel));
    m_partMap = named("positions.map.part", make(tr("What P adds to the scores"), tr("\u03A3 w P + b"), m_partPanel));
    m_partPanel->setTitle(tr("\u03A3 w P + b"));
    m_part = named("positions.map.terms_shown", new SegmentedControl({tr("all terms"), tr("what stays")}, tr("Terms of the positions")));
    m_part->setHeight(20);
    m_part->setChoiceToolTip(1, tr("What is left of it in the softmax: a bias g(j) for each key, the same for all queries"));
    m_partPanel->addControl(m_part);
}

QString PositionMapView::absence(const PositionScene& scene) const {
    if (!scene.run) return tr("Choose a preset with KV+Pos, such as Reverse \u00B7 KV+Pos, at the top left.");
    if (!specOf(scene.run->model()->config().attention.form).positionMap)
        return tr("This model has no position map. Set attention.form to kv+pos, or choose the preset Reverse \u00B7 KV+Pos.");
    const ModelConfig& config = scene.run->model()->config();
    const PositionSpec& position = specOf(config.position.kind);
    if (config.attention.soft_cap > 0 || config.attention.sink || position.biasTable || position.vectors)
        return tr(
            "What the map adds to a whole row cancels in a plain softmax; in this model a cap, a sink or a learned term of distances comes "
            "between, so that this page\u2019s account does not hold.");
    if (const AttentionBlock* block = scene.block(); block && block->cross) return crossAbsence();
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
    describeTerms();
    showTerms();
    showChannel();
    showPart();
    showRow();
}

bool PositionMapView::hasSlopes() const {
    return specOf(m_scene.run->model()->config().position.kind).biasesScores;
}

void PositionMapView::describeTerms() {
    m_weights->setToolTip(tr("s\u2032_ij = \u03A3 w_c (s_ij + P_ijc) + b%1. The sum \u03A3w of all w scales the score; those of the "
                             "query\u2019s channels act "
                             "through \u03A3w alone. Drag, or Left and Right, to choose the channel of P that is drawn.")
                              .arg(hasSlopes() ? QStringLiteral(" \u2212 m |i \u2212 j|") : QString()));
    m_part->setChoiceToolTip(0, hasSlopes()
                                    ? tr("Everything that the map adds to the scores; ALiBi\u2019s \u2212 m |i \u2212 j| comes besides")
                                    : tr("Everything that the map adds to the scores"));
}

void PositionMapView::setChannel(int channel) {
    if (!m_terms) return;
    m_channel = std::clamp(channel, 0, static_cast<int>(m_terms->weights.size()) - 1);
    showChannel();
}

void PositionMapView::showTerms() {
    m_weightPanel->setSubtitle(tr("\u03A3w = %1").arg(signedFixed(m_terms->s, 3)));
    PlotSeries weights = seriesOf(QStringLiteral("w"), Role::series1, m_terms->weights);
    weights.line = false;
    weights.squares = true;
    m_weights->setXRange(-0.5, static_cast<double>(m_terms->weights.size()) - 0.5);
    m_weights->setShaded(std::pair(-0.5, m_terms->rowChannels - 0.5), tr("of the query"));
    m_weights->setSeries({std::move(weights)});
    m_columns->setXRange(-0.5, m_length - 0.5);
    m_columns->setHand(std::min(m_scene.selection.key, m_length - 1), tr("position %1").arg(m_scene.selection.key), false);
    m_columns->setSeries({seriesOf(tr("g(j)"), Role::series1, m_terms->column), seriesOf(tr("query"), Role::series5, m_terms->row)});
}

void PositionMapView::showChannel() {
    const int shown = std::min(m_length, positionMapViewMostTokens), channels = static_cast<int>(m_terms->weights.size());
    m_weights->setHand(m_channel, tr("channel %1").arg(m_channel));
    m_channelMap->setData(mapOf(gridChannel(channels, m_channel, shown), shown, shown), {ColorMap::Kind::balance, -1, 1});
    m_channelMap->setSelection({std::min(m_scene.selection.query, shown - 1), std::min(m_scene.selection.key, shown - 1)});
    m_gridPanel->setTitle(tr("P, channel %1").arg(m_channel));
    m_gridPanel->setSubtitle(m_channel < m_terms->rowChannels ? tr("of the query: cancels but for \u03A3w")
                                                              : tr("of the key: a part of g(j)"));
}

void PositionMapView::showPart() {
    if (!m_terms) return;
    const bool keptAlone = m_part->current() == 1;
    PositionMapTerms shown = *m_terms;
    const auto size = static_cast<std::size_t>(std::min(m_length, positionMapViewMostTokens));
    shown.row.resize(size);
    shown.column.resize(size);
    const MapData part = mapOf(positionPart(shown, keptAlone), static_cast<int>(size), static_cast<int>(size));
    m_partMap->setQuantity(keptAlone ? QStringLiteral("g(j)") : tr("\u03A3 w P + b"), [](double value) { return fixed(value, 3); });
    m_partMap->setData(part, balancedScaling(part));
    m_partMap->setSelection(m_channelMap->selection());
}

void PositionMapView::showRow() {
    const AttentionBlock& block = *m_scene.block();
    const Tensor& scores = m_scene.trace->at(block.name + ".scores");
    const int query = std::min(m_scene.selection.query, static_cast<int>(scores.extent(1)) - 1),
              key = std::min(m_scene.selection.key, m_length - 1);
    const bool alibi = hasSlopes();
    const double slope = alibi ? alibiSlopes(block.heads)[static_cast<std::size_t>(m_scene.selection.head)] : 0;
    const CancelledRow row = cancelledRow(*m_terms, *m_scene.trace, block, m_scene.selection.head, query, slope);
    m_rowPanel->setTitle(tr("Query %1").arg(query));
    PlotSeries all = seriesOf(tr("all"), Role::series5, row.fullWeights), kept = seriesOf(tr("kept"), Role::series1, row.reducedWeights);
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
    const auto mark = [](bool good, double difference) { return verdictText(good, differenceText(difference)); };
    m_numberPanel->setTitle(tr("Score of query %1, key %2").arg(query).arg(key));
    m_numberPanel->setSubtitle(m_terms->s < 0 ? tr("\u03A3w < 0: unlike keys gain") : QString());
    const bool even = isMadeUniform(m_scene.input, block, m_scene.selection.head);
    std::vector<TextTable::Row> rows{
        line(tr("s = q \u00B7 k / \u221A"
                "d\u2095"),
             signedFixed(row.plain[j], 4), QString()),
        line(tr("\u03A3w s"), signedFixed(m_terms->s * row.plain[j], 4), stays),
        line(tr("g(j), the key\u2019s \u03A3 w P"), signedFixed(m_terms->column[j], 4), stays),
        line(tr("the query\u2019s \u03A3 w P"), signedFixed(m_terms->row[i], 4), cancels),
        line(tr("bias b"), signedFixed(m_terms->bias, 4), cancels),
        line(tr("their sum s\u2032"), signedFixed(row.full[j], 4), mark(row.scoresAgree, row.scoreDifference), true),
        line(tr("weight of all terms"), fixed(row.fullWeights[j], 6), QString(), true),
        line(alibi ? tr("without what cancels") : tr("of \u03A3w s + g alone"), fixed(row.reducedWeights[j], 6),
             mark(row.difference < 1e-9, row.difference), true),
        line(even ? tr("made uniform in its place") : tr("the model\u2019s weight"), fixed(row.modelWeights[j], 6),
             even ? QString() : mark(row.weightsAgree, row.differenceToModel), true)};
    if (alibi)
        rows.insert(rows.begin() + 3, line(tr("ALiBi\u2019s \u2212m |i \u2212 j|"), signedFixed(-slope * std::abs(query - key), 4), stays));
    m_numbers->setRows(std::move(rows));
}

}  // namespace lab
