#include "ui/pages/memory/weights_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/pages/memory/paragraph.h"
#include "ui/pages/memory/pattern_picture.h"
#include "ui/pages/memory/row_picture.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int edgeGap = 2, sideWidth = 110;  // logical px at 100 %
constexpr int namedShares = 3;

}  // namespace

WeightsPanel::WeightsPanel(QWidget* parent) : PanelFrame(tr("Weights"), parent) {
    m_map = named("memory.recall.weights", new Map(MapForm::values(), tr("Weights of the net")));
    m_map->setAxes(tr("to"), tr("from"));
    m_map->setQuantity(tr("weight"), [](double weight) { return signedFixed(weight, 4); });
    m_map->setSquare(true);
    m_map->setEmptyText(tr("Nothing is stored"));
    m_row = new RowPicture;
    m_row->setToolTip(
        tr("The weights of the chosen row, each where its pixel is: how strongly every other pixel pulls this one to its own state (above "
           "0) or to the opposite (below 0)."));
    m_story = new Paragraph(4, TextSize::caption);
    auto* body = new QWidget;
    auto* row = new QHBoxLayout(body);
    keepSpacing(row, QMargins(0, 0, panelGap, edgeGap), panelGap);
    row->addWidget(m_map, 1);
    m_side = new QWidget;
    QVBoxLayout* rows = column(m_side);
    keepSpacing(rows, QMargins(0, panelGap, 0, 0), edgeGap);
    rows->addWidget(m_row);
    rows->addWidget(m_story, 1);
    row->addWidget(m_side);
    setContent(body);
    followTheme(this, [this] { m_side->setFixedWidth(Theme::instance().px(sideWidth)); });
    connect(m_map, &Map::hovered, this, &WeightsPanel::showCell);
    connect(m_map, &Map::selected, this, &WeightsPanel::showCell);
}

void WeightsPanel::setStudy(const RecallStudyPtr& study) {
    const auto net = study ? study->net : nullptr;
    if (net == m_net) return;
    m_net = net;
    if (!m_net) {
        m_map->setData({});
        setSubtitle({});
        setNote({});
        return showCell();
    }
    const MemoryMatrix& weights = m_net->weights();
    std::vector<float> values(static_cast<std::size_t>(weights.size()));
    std::transform(weights.data(), weights.data() + weights.size(), values.begin(),
                   [](double weight) { return static_cast<float>(weight); });
    const double most = std::max(m_net->largestWeight(), 1e-12);
    m_map->setData(mapOf(std::move(values), m_net->units(), m_net->units()), {ColorMap::Kind::balance, -most, most});
    m_map->setTip(ruleHelp(std::string(m_net->rule().name)));
    setSubtitle(tr("%1 \u00D7 %1 pixels").arg(m_net->units()));
    const MapCell chosen = m_map->selection();
    if (!chosen.valid() || std::max(chosen.row, chosen.column) >= m_net->units())
        m_map->setSelection({m_net->units() / 2, m_net->units() / 3});
    showCell();
}

void WeightsPanel::showPixel(int pixel) {
    if (!m_net || pixel < 0 || pixel >= m_net->units() || m_map->selection().row == pixel) return;
    m_map->setSelection({pixel, std::clamp(m_map->selection().column, 0, m_net->units() - 1)});
    showCell();
}

QString WeightsPanel::story() const {
    const MapCell cell = m_map->shownCell();
    if (!m_net || !cell.valid() || cell.row >= m_net->units() || cell.column >= m_net->units()) return {};
    const int columns = m_net->patterns().front().columns;
    const QString where = tr("%1 and %2").arg(pixelName(cell.row, columns), pixelName(cell.column, columns));
    const double weight = m_net->weight(cell.row, cell.column);
    if (cell.row == cell.column && !m_net->rule().diagonal)
        return tr("%1: a pixel has no weight to itself by this rule.").arg(pixelName(cell.row, columns));
    QStringList parts;
    double rest = 0;
    const std::vector<PatternShare> shares = m_net->patternsOfWeight(cell.row, cell.column);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (i < namedShares || shares.size() == namedShares + 1)
            parts << QStringLiteral("%1 %2").arg(
                QString::fromStdString(m_net->patterns()[static_cast<std::size_t>(shares[i].pattern)].name),
                signedFixed(shares[i].share, 4));
        else
            rest += shares[i].share;
    }
    if (shares.size() > namedShares + 1) parts << tr("%1 others %2").arg(shares.size() - namedShares).arg(signedFixed(rest, 4));
    return tr("%1: W = %2, made by %3.").arg(where, signedFixed(weight, 4), parts.join(QStringLiteral(", ")));
}

void WeightsPanel::showCell() {
    m_story->setText(story());
    m_story->setToolTip(m_net ? shown(Message(m_net->rule().shareHelp)) : QString());
    const MapCell cell = m_map->shownCell();
    if (!m_net || !cell.valid() || cell.row >= m_net->units()) return m_row->setWeights({}, 0, 0, -1, 1);
    const auto row = m_net->weightsOf(cell.row);
    const Pattern& like = m_net->patterns().front();
    m_row->setWeights({row.begin(), row.end()}, like.rows, like.columns, cell.row, m_net->largestWeight());
}

}  // namespace lab
