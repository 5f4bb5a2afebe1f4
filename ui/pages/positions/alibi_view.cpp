#include "ui/pages/positions/alibi_view.h"

#include <QGridLayout>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/analysis/positions/position_tables.h"
#include "core/config/model_config.h"
#include "core/layers/position/alibi.h"
#include "ui/pages/positions/rope_study.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int alibiViewGap = 8;
constexpr int freeHeads = 8;
constexpr int fewHeads = 2;  // whose slopes need less room than what they do
constexpr int alibiViewFreeLength = 16;
constexpr int alibiViewMostTokens = 256;
constexpr double leastSlope = 0.003;  // below 2^-8, the smallest of all

}  // namespace

AlibiView::AlibiView(QWidget* parent) : PositionView(parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_slopePanel = new PanelFrame(tr("Slope of every head"), this);
    m_slopes = named("positions.alibi.slopes", new Plot(tr("Slope of every head")));
    m_slopes->setScales(AxisScale::linear, AxisScale::logarithmic);
    m_slopes->setXTitle(tr("head"));
    m_slopes->setYRange(std::pair(leastSlope, 1.0));  // of any number of heads: one head's has its place, too
    m_slopes->setReading([](double slope) { return significant(slope, 4); });
    m_slopes->setToolTip(
        tr("m_h = 2^(\u2212"
           "8 (h + 1) / H) for H heads, a power of two; for other H: the slopes of the next lower power of two, and for the rest every "
           "second slope of twice that power. Drag, or Left and Right, to choose the head."));
    m_slopePanel->setContent(m_slopes);
    m_slopePanel->addControl(m_slopes->legend());
    m_slopes->legend()->show();
    m_decayPanel = new PanelFrame(factorTitle(), this);
    m_decay = named("positions.alibi.decay", new Plot(tr("Factor on a weight against distance")));
    m_decay->setXTitle(tr("|i \u2212 j|"));
    m_decay->setReading([](double factor) { return fixed(factor, 4); });
    m_decay->setToolTip(
        tr("The bias \u2212 slope |i \u2212 j| on a score multiplies the weight, before it is normalised, by its exponential"));
    m_decayPanel->setContent(m_decay);
    m_decayPanel->addControl(m_decay->legend());
    m_decay->legend()->show();
    m_mapPanel = new PanelFrame(QString(), this);
    m_map = named("positions.alibi.bias", new Map(MapForm::values(), tr("Bias of one head")));
    m_map->setAxes(tr("query i"), tr("key j"));
    m_map->setSquare(true);
    m_map->setQuantity(tr("bias"), [](double bias) { return fixed(bias, 3); });
    m_mapPanel->setContent(m_map);
    m_grid->addWidget(m_slopePanel, 0, 0);
    m_grid->addWidget(m_decayPanel, 1, 0);
    m_grid->addWidget(m_mapPanel, 0, 1, 2, 1);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    connect(m_slopes, &Plot::handMoved, this, [this](double head) { setHead(static_cast<int>(std::lround(head))); });
    keepSpacing(m_grid, alibiViewGap);
}

void AlibiView::setHead(int head) {
    m_head = std::clamp(head, 0, m_heads - 1);
    showHead();
}

void AlibiView::look(const PositionScene& scene) {
    const AttentionBlock* block = scene.block();
    m_heads = block ? block->heads : freeHeads;
    m_visibility = block ? block->visibility : Visibility({}, true, false);
    m_queries = m_keys = alibiViewFreeLength;
    m_trained = scene.run ? trainedLengthOf(scene.run->experiment()) : alibiViewFreeLength;
    if (block) {
        const std::size_t queries = std::max<std::size_t>(scene.queryTokens.size(), 1),
                          keys = std::max<std::size_t>(scene.keyTokens.size(), 1);
        m_queries = static_cast<int>(std::min<std::size_t>(queries, alibiViewMostTokens));
        m_keys = static_cast<int>(std::min<std::size_t>(keys, alibiViewMostTokens));
    }
    if (block) {
        m_query = scene.selection.query;
        m_key = scene.selection.key;
    }
    if (scene.selection.head != m_sceneHead) m_head = m_sceneHead = scene.selection.head;
    const bool own = scene.run && scene.run->model()->config().position.kind == PositionKind::alibi;
    m_slopePanel->setSubtitle(own ? tr("this model\u2019s")
                                  : counted(LAB_PLURAL("positions", "what a model of %n head(s) would use"), m_heads));
    setHead(m_head);
}

void AlibiView::showHead() {
    const std::vector<double> slopes = alibiSlopes(m_heads);
    PlotSeries points{tr("slope"), Role::series1};
    points.squares = true;
    points.line = false;
    for (int h = 0; h < m_heads; ++h) {
        points.x.push_back(h);
        points.y.push_back(slopes[static_cast<std::size_t>(h)]);
    }
    m_grid->setRowStretch(0, m_heads > fewHeads ? 1 : 2);
    m_grid->setRowStretch(1, m_heads > fewHeads ? 1 : 3);
    m_slopes->setXRange(-0.5, m_heads - 0.5);
    m_slopes->setSeries({std::move(points)});
    m_slopes->setHand(m_head, tr("head %1").arg(m_head));
    const double slope = slopes[static_cast<std::size_t>(m_head)];
    const MapData bias = mapOf(alibiBias(slope, m_queries, m_keys, m_visibility), m_queries, m_keys);
    m_map->setData(bias, balancedScaling(bias));
    m_mapPanel->setTitle(tr("Head %1: what is added to the scores").arg(m_head));
    m_mapPanel->setSubtitle(QStringLiteral("\u2212 %1 |i \u2212 j|").arg(significant(slope, 4)));
    PlotSeries decay{tr("head %1: e^(\u2212slope \u00B7 distance)").arg(m_head), Role::series1};
    const int reach = 2 * std::max(m_trained, m_keys);  // as many again: the rule goes on beyond training
    for (int d = 0; d <= reach; ++d) {
        decay.x.push_back(d);
        decay.y.push_back(std::exp(-slope * d));
    }
    decay.dots = reach <= 64;
    m_decay->setXRange(0, reach);
    m_decay->setShaded(std::pair(0.0, m_trained - 1.0), tr("seen in training"));
    m_decay->setYRange(std::pair(0.0, 1.05));
    m_decay->setSeries({std::move(decay)});
    const int distance = std::abs(m_query - m_key);
    m_decay->setHand(distance, QStringLiteral("|i\u2212j| = %1").arg(distance), false);
    m_map->setSelection({std::min(m_query, m_queries - 1), std::min(m_key, m_keys - 1)});
}

}  // namespace lab
