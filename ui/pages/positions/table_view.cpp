#include "ui/pages/positions/table_view.h"

#include <QGridLayout>
#include <algorithm>
#include <cmath>

#include "core/analysis/map_stage.h"
#include "core/analysis/positions/position_tables.h"
#include "core/config/model_config.h"
#include "ui/pages/positions/rope_study.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int tableViewGap = 8;
constexpr int tableViewMostShownRows = 256;  // of a map that a person can read
constexpr double shownWhole = 0.995;         // of the table's numbers: a few far larger ones would leave the others without colour
constexpr int freeTrained = 16;
constexpr int freeWidth = 32;

/// As far as most numbers reach; what lies beyond has the colour of the end.
ColorScaling mostOf(std::vector<float> values) {
    for (float& value : values) value = std::abs(value);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(shownWhole * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    const double bound = scaleBound(static_cast<double>(*at));
    return {ColorMap::Kind::balance, -bound, bound};
}

}  // namespace

TableView::TableView(Kind kind, QWidget* parent) : PositionView(parent), m_kind(kind) {
    const bool learned = kind == Kind::learned;
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_tablePanel = new PanelFrame(learned ? tr("The learned table") : tr("The sinusoidal table"), this);
    m_table = named(".table", new Map(MapForm::values(), tr("Position table")));
    m_table->setAxes(tr("position"), tr("channel"));
    m_table->setQuantity(tr("added to the embedding"), [](double value) { return fixed(value, 3); });
    if (learned) m_table->setTip(tr("The scale ends where 99.5 % of the numbers do: what lies beyond has the colour of its end."));
    m_tablePanel->setContent(m_table);
    m_similarPanel = new PanelFrame(learned ? tr("How alike positions are") : tr("Dot products between positions"), this);
    m_similarity = named(".similarity", new Map(MapForm::values(), tr("Similarity of positions")));
    m_similarity->setAxes(tr("position"), tr("position"));
    m_similarity->setSquare(true);
    m_similarity->setQuantity(learned ? tr("cosine") : tr("dot product"), [](double value) { return fixed(value, 2); });
    m_similarPanel->setContent(m_similarity);
    m_rowPanel = new PanelFrame(QString(), this);
    m_rowPlot = named(".position", new Plot(tr("One position over the channels")));
    m_rowPlot->setXTitle(tr("channel"));
    m_rowPanel->setContent(m_rowPlot);
    m_channelPanel = new PanelFrame(QString(), this);
    m_channelPlot = named(".channel", new Plot(tr("One channel over the positions")));
    m_channelPlot->setXTitle(tr("position"));
    m_channelPanel->setContent(m_channelPlot);
    m_channelPanel->addControl(m_channelPlot->legend());
    m_channelPlot->legend()->show();
    m_grid->addWidget(m_tablePanel, 0, 0);
    m_grid->addWidget(m_similarPanel, 0, 1);
    m_grid->addWidget(m_rowPanel, 1, 0);
    m_grid->addWidget(m_channelPanel, 1, 1);
    m_grid->setRowStretch(0, 5);
    m_grid->setRowStretch(1, 3);
    m_grid->setColumnStretch(0, 3);
    m_grid->setColumnStretch(1, 2);
    connect(m_table, &Map::selected, this, [this](int row, int channel) {
        m_row = row;
        m_channel = channel;
        showCell();
    });
    connect(m_similarity, &Map::selected, this, [this](int row, int) {
        m_row = row;
        showCell();
    });
    connect(m_rowPlot, &Plot::handMoved, this, [this](double channel) {
        m_channel = std::clamp(static_cast<int>(std::lround(channel)), 0, m_columns - 1);
        showCell();
    });
    connect(m_channelPlot, &Plot::handMoved, this, [this](double row) {
        m_row = std::clamp(static_cast<int>(std::lround(row)), 0, m_rows - 1);
        showCell();
    });
    keepSpacing(m_grid, tableViewGap);
}

QString TableView::absence(const PositionScene& scene) const {
    if (m_kind == Kind::sinusoidal) return {};
    if (!scene.run) return tr("Choose a preset with learned positions, such as GPT-2-like, at the top left.");
    if (scene.run->model()->config().position.kind != PositionKind::learned)
        return tr(
            "A learned table is a parameter, and this model has none. Set position.kind to learned, or choose the preset GPT-2-like.");
    return {};
}

void TableView::look(const PositionScene& scene) {
    const int trained = scene.run ? trainedLengthOf(scene.run->experiment()) : freeTrained;
    if (scene.selection.query != m_sceneRow) m_row = m_sceneRow = scene.selection.query;
    if (m_kind == Kind::learned) {
        if (!scene.run || !scene.checkpoint) return;
        m_columns = scene.run->model()->config().d_model;
        m_values = learnedTable(scene.run->model()->layout(), scene.checkpoint->weights);
        const int positions = static_cast<int>(m_values.size()) / m_columns;
        m_rows = std::min(positions, tableViewMostShownRows);
        m_values.resize(static_cast<std::size_t>(m_rows * m_columns));
        m_similar = cosineSimilarities(m_values, m_rows);
        m_tablePanel->setSubtitle(
            m_rows == positions
                ? tr("at step %1").arg(grouped(scene.checkpoint->step))
                : tr("at step %1, the first %2 of %3 positions").arg(grouped(scene.checkpoint->step), grouped(m_rows), grouped(positions)));
    } else {
        // As many again as were seen in training: the formula goes on.
        const int rows = std::clamp(2 * std::max(trained, static_cast<int>(scene.input.tokens.size())), 16, tableViewMostShownRows);
        const int columns = scene.run ? scene.run->model()->config().d_model : freeWidth;
        if (rows == m_rows && columns == m_columns && trained == m_trained) {
            showCell();
            return;
        }
        m_rows = rows;
        m_columns = columns;
        m_values = sinusoidalValues(rows, columns);
        m_similar = dotProducts(m_values, rows);
        m_tablePanel->setSubtitle(
            tr("sin and cos of pos / 10\u202F"
               "000^(2i/d_model)"));
        m_similarPanel->setSubtitle(columns % 2 == 0 ? tr("depend on the distance only")
                                                     : tr("depend on the distance, but for the last sin, which has no cos"));
    }
    m_trained = trained;
    if (m_rows == 0) return;
    m_row = std::min(m_row, m_rows - 1);
    m_channel = std::min(m_channel, m_columns - 1);
    const MapData table = mapOf(m_values, m_rows, m_columns), similar = mapOf(m_similar, m_rows, m_rows);
    m_table->setData(table, m_kind == Kind::sinusoidal ? ColorScaling{ColorMap::Kind::balance, -1, 1} : mostOf(m_values));
    m_similarity->setData(similar, m_kind == Kind::learned ? ColorScaling{ColorMap::Kind::balance, -1, 1} : scalingFromZero(similar));
    showCell();
}

void TableView::showCell() {
    if (m_rows == 0) return;
    m_table->setSelection({m_row, m_channel});
    m_similarity->setSelection({m_row, std::max(m_similarity->selection().column, 0)});
    PlotSeries row{tr("value"), Role::series1};
    row.dots = m_columns <= 96;
    for (int c = 0; c < m_columns; ++c) {
        row.x.push_back(c);
        row.y.push_back(static_cast<double>(m_values[static_cast<std::size_t>(m_row * m_columns + c)]));
    }
    PlotSeries channel{tr("channel %1").arg(m_channel), Role::series1},
        similar{m_kind == Kind::learned ? tr("cosine with position %1").arg(m_row) : tr("product with %1, / largest").arg(m_row),
                Role::series2};
    channel.dots = m_rows <= 96;
    const double largest = m_kind == Kind::learned ? 1.0 : std::max(1e-12, static_cast<double>(m_similar[0]));
    for (int i = 0; i < m_rows; ++i) {
        channel.x.push_back(i);
        channel.y.push_back(static_cast<double>(m_values[static_cast<std::size_t>(i * m_columns + m_channel)]));
        similar.x.push_back(i);
        similar.y.push_back(static_cast<double>(m_similar[static_cast<std::size_t>(m_row * m_rows + i)]) / largest);
    }
    m_rowPanel->setTitle(tr("Position %1 over the channels").arg(m_row));
    m_rowPlot->setXRange(-0.5, m_columns - 0.5);
    m_rowPlot->setSeries({std::move(row)});
    m_rowPlot->setHand(m_channel, tr("channel %1").arg(m_channel));
    m_channelPanel->setTitle(tr("By position"));
    m_channelPlot->setXRange(-0.5, m_rows - 0.5);
    m_channelPlot->setShaded(m_trained < m_rows ? std::optional(std::pair(-0.5, m_trained - 0.5)) : std::nullopt, tr("in training"));
    m_channelPlot->setSeries({std::move(channel), std::move(similar)});
    m_channelPlot->setHand(m_row, tr("position %1").arg(m_row));
}

}  // namespace lab
