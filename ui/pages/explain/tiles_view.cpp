#include "ui/pages/explain/tiles_view.h"

#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/explain/examples.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int tileSizes[] = {2, 4, 8, 16, 32};
constexpr int firstTileSize = 1;  // of these
// Logical px at 100 %.
constexpr int tilesMargin = 12, tilesGap = 8, tilesPlotHeight = 150;
constexpr std::size_t shownChannels = 3;

/// "−∞" for what is not there.
QString tileNumber(double value) {
    return std::isinf(value) ? QStringLiteral("\u2212\u221E") : fixed(value, 4);
}

/// "0.123, −0.456, 0.789, …".
QString channelsOf(const std::vector<double>& values) {
    QStringList parts;
    for (std::size_t p = 0; p < std::min(values.size(), shownChannels); ++p) parts << tileNumber(values[p]);
    if (values.size() > shownChannels) parts << QStringLiteral("\u2026");
    return parts.join(QStringLiteral(", "));
}

std::vector<double> wholeRow(const TiledRow& row) {
    const std::vector<double> weights = explain::softmaxLab(row.scores, 1.0).probabilities;
    std::vector<double> out(static_cast<std::size_t>(row.width), 0);
    for (std::size_t j = 0; j < weights.size(); ++j)
        for (std::size_t p = 0; p < out.size(); ++p) out[p] += weights[j] * row.values[j * out.size() + p];
    return out;
}

/// The largest difference of a channel.
QString differenceOf(const std::vector<double>& one, const std::vector<double>& other) {
    double largest = 0;
    for (std::size_t p = 0; p < one.size(); ++p) largest = std::max(largest, std::abs(one[p] - other[p]));
    return largest == 0 ? QStringLiteral("0") : scientific(largest, 1);
}

}  // namespace

TilesView::TilesView(QWidget* parent) : QWidget(parent) {
    QVBoxLayout* layout = column(this);
    m_panel = new PanelFrame(tr("Tile by tile"), this);
    QStringList sizes;
    for (const int size : tileSizes) sizes << QString::number(size);
    m_tiles = named("explain.tiles.size", new SegmentedControl(sizes, tr("Keys of a tile")));
    m_tiles->setToolTip(tr("Keys of a tile"));
    m_tiles->setHeight(20);
    m_tiles->setCurrent(firstTileSize);
    m_panel->addControl(m_tiles);
    auto* back = named("explain.tiles.back", new Button(tr("Back to the walk")));
    back->setKeycap(tr("Esc"));
    back->setHeight(20);
    m_panel->addControl(back);
    m_panel->setContent(makeBody());
    layout->addWidget(m_panel);
    connect(back, &QPushButton::clicked, this, &TilesView::closed);
    connect(m_tiles, &SegmentedControl::chosen, this, &TilesView::compute);
    setFocusPolicy(Qt::ClickFocus);
}

QWidget* TilesView::makeBody() {
    auto* body = new QWidget;
    QVBoxLayout* rows = column(body);
    keepSpacing(rows, QMargins(tilesMargin, tilesMargin, tilesMargin, tilesMargin), tilesGap);
    m_plot = named("explain.tiles.plot", new Plot(tr("Scores of the row and their maximum so far")));
    m_plot->setXTitle(tr("key j"));
    m_plot->setReading([](double value) { return fixed(value, 3); });
    m_plot->setFlag([](double x) { return tr("key %1").arg(std::lround(x)); });
    m_plot->setToolTip(tr("Scores as the softmax gets them; m, the largest so far, rises tile by tile. Hidden keys have no score."));
    m_panel->addControl(m_plot->legend());
    m_plot->legend()->show();
    m_table = named("explain.tiles.table", new TextTable(tr("Tile by tile")));
    m_table->setColumns(
        {tr("keys"), tr("largest here"), tr("m so far"), tr("e^{m before \u2212 m}"), tr("sum here"), tr("l so far"), tr("o so far")},
        {1.0, 1.2, 1.2, 1.3, 1.2, 1.2, 3.0});
    m_verdict = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_verdict->setWordWrap(true);
    m_words = new ThemedLabel({}, TextSize::text, Role::muted);
    m_words->setWordWrap(true);
    rows->addWidget(m_plot);
    rows->addWidget(m_table);
    rows->addWidget(m_verdict);
    rows->addWidget(m_words);
    rows->addStretch(1);
    followTheme(this, [this] {
        m_plot->setFixedHeight(Theme::instance().px(tilesPlotHeight));
        m_table->setFixedHeight(m_table->fullHeight());
    });
    return body;
}

int TilesView::tile() const {
    return tileSizes[m_tiles->current()];
}

void TilesView::setTile(int keys) {
    const auto found = std::ranges::find(tileSizes, keys);
    if (found == std::end(tileSizes)) return;
    m_tiles->setCurrent(static_cast<int>(found - std::begin(tileSizes)));
    compute();
}

void TilesView::setRow(TiledRow row) {
    m_row = std::move(row);
    m_whole = wholeRow(m_row);
    m_panel->setSubtitle(tr("query %1: one pass over its keys, of which only a tile is there at a time").arg(m_row.query));
    compute();
}

void TilesView::compute() {
    m_result = onlineSoftmax(m_row.scores, m_row.values, m_row.width, tile());
    showPlot();
    showTable();
    showVerdict();
}

void TilesView::showPlot() {
    PlotSeries scores{.name = tr("score"), .role = Role::series1, .line = false, .squares = true};
    PlotSeries top{.name = tr("m so far"), .role = Role::series2};
    std::vector<PlotScene::Mark> cuts;
    for (const OnlineStep& step : m_result.steps) {
        if (step.first > 0) cuts.push_back({step.first - 0.5, {}});
        for (int j = step.first; j < step.first + step.count; ++j) {
            if (const double score = m_row.scores[static_cast<std::size_t>(j)]; !std::isinf(score)) {
                scores.x.push_back(j);
                scores.y.push_back(score);
            }
            if (std::isinf(step.maximum)) continue;
            top.x.push_back(j);
            top.y.push_back(step.maximum);
        }
    }
    m_plot->setXRange(-0.5, static_cast<double>(m_row.scores.size()) - 0.5);
    m_plot->setMarks(std::move(cuts));
    m_plot->setSeries({std::move(scores), std::move(top)});
}

void TilesView::showTable() {
    std::vector<TextTable::Row> rows;
    for (const OnlineStep& step : m_result.steps) {
        const QString keys =
            step.count == 1 ? QString::number(step.first) : QStringLiteral("%1\u2013%2").arg(step.first).arg(step.first + step.count - 1);
        TextTable::Row row;
        row.cells = {keys,
                     tileNumber(step.tileMaximum),
                     tileNumber(step.maximum),
                     &step == &m_result.steps.front() ? QStringLiteral("\u2013") : tileNumber(step.rescale),
                     tileNumber(step.tileSum),
                     tileNumber(step.sum),
                     channelsOf(step.output)};
        rows.push_back(std::move(row));
    }
    rows.push_back({{tr("o / l"), {}, {}, {}, {}, {}, channelsOf(m_result.result)}, {}, false, true});
    rows.push_back({{tr("whole row"), {}, {}, {}, {}, {}, channelsOf(m_whole)}, {}, false, true});
    m_table->setRows(std::move(rows));
    m_table->setFixedHeight(m_table->fullHeight());
}

void TilesView::showVerdict() {
    m_verdict->setText(
        tr("Largest difference over all %1 channels: from the same row taken whole %2, from the model\u2019s own numbers of 32 "
           "bits %3")
            .arg(QString::number(m_row.width), differenceOf(m_result.result, m_whole), differenceOf(m_result.result, m_row.output)));
    m_words->setText(tr(
        "After each tile m is the largest score so far. When it rises, what was summed with the old one is multiplied by "
        "e^(m before \u2212 m); then the tile adds e^(score \u2212 m) to l, and the same times its values to o. Nothing but m, l and o is "
        "kept from tile to tile, so no row of the map is ever there as a whole (Milakov 2018, arXiv 1805.02867; FlashAttention, Dao "
        "2022, arXiv 2205.14135; dividing by l only at the end: FlashAttention-2, Dao 2023, arXiv 2307.08691). Sums in another order "
        "differ by rounding alone. This program does not train so: it takes queries in blocks, but each row whole, and keeps the "
        "weights for the way back."));
}

QString TilesView::verdict() const {
    return m_verdict->text();
}

void TilesView::focusInEvent(QFocusEvent* event) {
    m_tiles->setFocus(event->reason());
}

void TilesView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closed();
    QWidget::keyPressEvent(event);
}

}  // namespace lab
