#include "ui/pages/positions/bias_view.h"

#include <QGridLayout>
#include <algorithm>
#include <cmath>

#include "core/config/model_config.h"
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

constexpr int biasViewGap = 8;
constexpr int biasViewMostTokens = 256;    // of the map
constexpr int biasViewFarthest = 512;      // of the curves
constexpr int biasViewMostDotted = 64;     // offsets on either side that have a dot each
constexpr double biasViewOthers = 1.2;     // px: curves of the heads that are not in hand
constexpr double biasViewHiddenAir = 0.2;  // of the axis, for keys that are hidden

double unchanged(double bias) {
    return bias;
}
double factorOf(double bias) {
    return std::exp(bias);
}

double largestOf(const DistanceBias& bias) {
    double largest = 0;
    for (const auto& head : bias.heads)
        for (const double b : head) largest = std::max(largest, std::abs(b));
    return largest;
}

}  // namespace

BiasView::BiasView(QWidget* parent) : PositionView(parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeCurves();
    makeFactor();
    makePairs();
    m_grid->addWidget(m_curvePanel, 0, 0);
    m_grid->addWidget(m_factorPanel, 1, 0);
    m_grid->addWidget(m_pairPanel, 0, 1, 2, 1);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    m_grid->setRowStretch(0, 3);
    m_grid->setRowStretch(1, 2);
    keepSpacing(m_grid, biasViewGap);
}

void BiasView::makeCurves() {
    m_curvePanel = new PanelFrame(tr("Every head, by distance"), this);
    m_curves = named("positions.bias.curves", new Plot(tr("What is added to a score, by distance")));
    m_curves->setXTitle(tr("key \u2212 query"));
    m_curves->setReading([](double bias) { return signedFixed(bias, 3); });
    m_curvePanel->setContent(m_curves);
    m_curvePanel->addControl(m_curves->legend());
    m_curves->legend()->show();
    connect(m_curves, &Plot::handMoved, this, [this](double offset) { setOffset(static_cast<int>(std::lround(offset))); });
}

void BiasView::makeFactor() {
    m_factorPanel = new PanelFrame(factorTitle(), this);
    m_factor = named("positions.bias.factor", new Plot(tr("Factor on a weight, by distance")));
    m_factor->setXTitle(tr("key \u2212 query"));
    m_factor->setReading([](double factor) { return fixed(factor, 3); });
    m_factor->setLevel(1, tr("no change"));
    m_factorPanel->setContent(m_factor);
    m_factorPanel->addControl(m_factor->legend());
    m_factor->legend()->show();
    connect(m_factor, &Plot::handMoved, this, [this](double offset) { setOffset(static_cast<int>(std::lround(offset))); });
}

void BiasView::makePairs() {
    m_pairPanel = new PanelFrame(QString(), this);
    m_pairs = named("positions.bias.pairs", new Map(MapForm::values(), tr("What one head adds for the distance")));
    m_pairs->setAxes(tr("query i"), tr("key j"));
    m_pairs->setSquare(true);
    m_pairs->setQuantity(tr("added to the score"), [](double bias) { return fixed(bias, 3); });
    m_pairPanel->setContent(m_pairs);
    connect(m_pairs, &Map::selected, this, [this](int query, int key) {
        choosePair({query, key});
        showHand();
    });
}

QString BiasView::absence(const PositionScene& scene) const {
    if (!scene.run) return tr("Open a run whose position.kind is relative-bias or relative: what its heads learn of distances is drawn.");
    const PositionSpec& position = specOf(scene.run->model()->config().position.kind);
    if (!position.biasTable && !position.vectors)
        return tr("No head of this model learns a term for the distance. Set position.kind to relative-bias or relative.");
    if (const AttentionBlock* block = scene.block(); block && block->cross) return crossAbsence();
    return {};
}

void BiasView::look(const PositionScene& scene) {
    const AttentionBlock* block = scene.block();
    if (!block || !scene.checkpoint) return;
    const auto shownOf = [](const std::vector<QString>& tokens) {
        return std::clamp(static_cast<int>(tokens.size()), 1, biasViewMostTokens);
    };
    m_queries = shownOf(scene.queryTokens);
    m_keys = shownOf(scene.keyTokens);
    m_trained = trainedLengthOf(scene.run->experiment());
    const int farthest = std::min(2 * std::max({m_trained, m_queries, m_keys}), biasViewFarthest);  // as many again as seen in training
    const auto bias = distanceBias(*scene.run->model(), scene.checkpoint->weights, *block, farthest);
    if (!bias) return;
    m_bias = *bias;
    m_visibility = block->visibility;
    m_capped = scene.run->model()->config().attention.soft_cap > 0;
    m_head = std::clamp(scene.selection.head, 0, block->heads - 1);
    keepPair(scene.selection);
    describe(scene);
    showCurves();
    showFactor();
    showPairs();
    showHand();
}

/// What is true of this model, in its panels' titles and tips.
void BiasView::describe(const PositionScene& scene) {
    const bool buckets = !m_bias.begins.empty();
    const QString step = tr("at step %1").arg(grouped(scene.checkpoint->step));
    const bool twoSides = specOf(scene.run->model()->config().architecture).twoSides();
    const QString whose = !m_bias.inLayers ? QString()
                          : twoSides       ? tr("the same in all layers of this side")
                                           : tr("the same in all layers");
    const QString state = largestOf(m_bias) == 0 ? tr("all are 0") : QString();
    QStringList parts = {step, state, whose};
    parts.removeAll(QString());
    m_curvePanel->setSubtitle(parts.join(QStringLiteral(", ")));
    const QString reach = sentences({causal() ? tr("Keys behind the query are hidden.") : QString(),
                                     tr("Drag, or Left and Right, to choose a distance; Page Up and Page Down choose the head.")});
    m_curves->setToolTip(
        (buckets ? tr("A learned number of each head and bucket of distances, which is added to the score; dotted lines stand where a "
                      "bucket of several distances begins or ends. %1")
                 : tr("v \u00B7 W R / \u221A"
                      "d\u2095, where R is the vector of i \u2212 j: the part of a score that the distance alone makes. What q makes of R, "
                      "and what u makes of the key, come besides. %1"))
            .arg(reach));
    m_factor->setToolTip(tr("What is added to a score multiplies the weight, before it is normalised, by its exponential. %1").arg(reach));
    m_factor->setEmptyText(
        m_capped ? tr("This model caps its scores behind this term: what it does to a weight then depends on the rest of the score.")
                 : QString());
    m_pairPanel->setTitle(tr("Head %1: added by distance").arg(m_head));
    m_pairPanel->setSubtitle(buckets ? bucketSentence()
                                     : QStringLiteral("v \u00B7 W R_{i\u2212j} / \u221A"
                                                      "d_{h}"));
}

QString BiasView::bucketSentence() const {
    if (m_bias.shareFrom == 0) return causal() ? tr("all keys share one bucket") : tr("all keys on a side of the query share one bucket");
    return (causal() ? tr("all keys %1 or more away share one bucket") : tr("on each side, all keys %1 or more away share one bucket"))
        .arg(m_bias.shareFrom);
}

void BiasView::setOffset(int offset) {
    m_offset = std::clamp(offset, -m_bias.farthest, lastOffset());
    // The query stays, unless the key would stand outside.
    const int first = std::max(0, -m_offset), last = std::min(m_queries, m_keys - m_offset) - 1;
    const int query = std::clamp(std::max(m_pair.row, 0), first, std::max(first, last));
    m_pair = first <= last ? MapCell{query, query + m_offset} : MapCell{};
    showHand();
}

/// The window's pair when that is another one, else what was chosen here.
void BiasView::keepPair(const Selection& selection) {
    if (selection.query != m_selection.query || selection.key != m_selection.key)
        m_pair = {std::min(selection.query, m_queries - 1), std::min(selection.key, m_keys - 1)};
    m_selection = selection;
    if (m_pair.valid() && m_pair.row < m_queries && m_pair.column < m_keys)
        choosePair(m_pair);
    else
        setOffset(m_offset);
}

void BiasView::choosePair(MapCell cell) {
    m_pair = cell;
    m_offset = std::clamp(cell.column - cell.row, -m_bias.farthest, lastOffset());
}

/// Over the offsets of keys that are not hidden: a level for each bucket, else a point for each offset.
PlotSeries BiasView::curveOf(int head, double (*shown)(double)) const {
    PlotSeries curve{tr("head %1").arg(head), Role::series1};
    const auto add = [&](double x, int offset) {
        curve.x.push_back(x);
        curve.y.push_back(shown(m_bias.at(head, offset)));
    };
    if (m_bias.begins.empty()) {
        for (int offset = -m_bias.farthest; offset <= lastOffset(); ++offset) add(offset, offset);
        curve.dots = m_bias.farthest <= biasViewMostDotted;
        return curve;
    }
    const double left = -m_bias.farthest, right = causal() ? 0.5 : m_bias.farthest;
    for (std::size_t b = 0; b < m_bias.begins.size() && m_bias.begins[b] <= lastOffset(); ++b) {
        const double end = b + 1 < m_bias.begins.size() ? m_bias.begins[b + 1] - 0.5 : right;
        add(std::max(m_bias.begins[b] - 0.5, left), m_bias.begins[b]);
        add(std::min(end, right), m_bias.begins[b]);
    }
    return curve;
}

/// Between two buckets of which one holds several distances: where each has its own, the steps say so.
std::vector<double> BiasView::borders() const {
    const std::vector<int>& begins = m_bias.begins;
    const auto widthOf = [&](std::size_t b) { return (b + 1 < begins.size() ? begins[b + 1] : m_bias.farthest + 1) - begins[b]; };
    std::vector<double> found;
    for (std::size_t b = 1; b < begins.size() && begins[b] <= lastOffset(); ++b)
        if (widthOf(b - 1) > 1 || (widthOf(b) > 1 && begins[b] < lastOffset())) found.push_back(begins[b] - 0.5);
    return found;
}

void BiasView::showCurves() {
    std::vector<PlotSeries> series;
    for (int h = 0; h < static_cast<int>(m_bias.heads.size()); ++h) {
        PlotSeries curve = curveOf(h, unchanged);
        if (h != m_head) {
            curve.role = Role::muted;
            curve.width = biasViewOthers;
            curve.dots = false;
            curve.quiet = true;
        }
        series.insert(h == m_head ? series.begin() : series.end(), std::move(curve));
    }
    const double reach = m_bias.farthest;
    std::vector<PlotScene::Mark> marks;
    for (const double border : borders()) marks.push_back({border, {}});
    if (causal()) marks.push_back({0.5, tr("hidden")});
    for (Plot* plot : {m_curves, m_factor}) {
        plot->setXRange(-reach, causal() ? std::max(1.0, biasViewHiddenAir * reach) : reach);
        plot->setShaded(std::pair(std::max(1.0 - m_trained, -reach), causal() ? 0.5 : std::min(m_trained - 1.0, reach)),
                        tr("seen in training"));
        plot->setMarks(marks);
    }
    m_curves->setYRange(largestOf(m_bias) == 0 ? std::optional(std::pair(-1.0, 1.0)) : std::nullopt);
    m_curves->setSeries(std::move(series));
}

void BiasView::showFactor() {
    if (m_capped) return m_factor->setSeries({});
    PlotSeries factor = curveOf(m_head, factorOf);
    factor.name = tr("head %1: e^bias").arg(m_head);
    const double largest = std::max(1.0, *std::ranges::max_element(factor.y));
    m_factor->setYRange(std::pair(0.0, 1.1 * largest));
    m_factor->setSeries({std::move(factor)});
}

void BiasView::showPairs() {
    const MapData pairs = mapOf(biasOfPairs(m_bias, m_head, m_queries, m_keys, m_visibility), m_queries, m_keys);
    m_pairs->setData(pairs, balancedScaling(pairs));
}

void BiasView::showHand() {
    const QString flag = QStringLiteral("j \u2212 i = %1").arg(fixed(m_offset, 0));
    m_curves->setHand(m_offset, flag);
    m_factor->setHand(m_capped ? std::nullopt : std::optional<double>(m_offset), flag);
    m_pairs->setSelection(m_pair);
}

}  // namespace lab
