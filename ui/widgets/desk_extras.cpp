// What stands around the desk's cells: the overview of columns that do not fit, the colour scales, the picture of shared keys, and where
// the hand may change numbers.

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/desk_scene.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

using namespace explain;

// Logical px at 100 %.
constexpr int overviewRoom = 34;
constexpr int overviewBar = 20;
constexpr int legendRoom = 34;
constexpr int scaleWidth = 150;
constexpr int deskExtrasScaleBar = 8;
constexpr int deskExtrasScaleSteps = 64;
constexpr int headBox = 34;
constexpr int headBoxHeight = 20;
constexpr int sharingRoom = 88;

bool isSequential(const Grid& grid) {
    return grid.style == GridStyle::weights || grid.style == GridStyle::faders;
}

bool isColoured(const Grid& grid) {
    return grid.style == GridStyle::values || isSequential(grid);
}

}  // namespace

std::size_t DeskScene::gridIndex(const std::string& id) const {
    const auto& grids = m_stage.grids;
    const auto found = std::find_if(grids.begin(), grids.end(), [&](const Grid& grid) { return grid.id == id; });
    return static_cast<std::size_t>(found - grids.begin());
}

// ---- overview

double DeskScene::overviewHeight() const {
    return m_shown < m_columns && m_lines == 1 ? Theme::instance().px(overviewRoom) : 0.0;
}

/// The weights where there are some; else the grid in hand, or the stage's own, if it has all the columns.
std::size_t DeskScene::overviewGrid(const View& view) const {
    const auto& grids = m_stage.grids;
    const auto whole = [&](const Grid& grid) { return grid.columns == m_columns; };
    for (std::size_t g = 0; g < grids.size(); ++g)
        if (grids[g].style == GridStyle::faders && whole(grids[g])) return g;
    const std::size_t inHand = gridIndex(view.selected.grid);
    if (inHand < grids.size() && whole(grids[inHand])) return inHand;
    for (std::size_t g = 0; g < grids.size(); ++g)
        if (whole(grids[g])) return g;
    return 0;
}

int DeskScene::overviewColumn(const QRectF& place, double x) const {
    const double each = (place.width() - m_left - m_right) / std::max(m_columns, 1);
    const int pressed = static_cast<int>((x - place.left() - m_left) / std::max(each, 0.1));
    return std::clamp(pressed - m_shown / 2, 0, std::max(0, m_columns - m_shown));
}

void DeskScene::paintOverview(QPainter& painter, const QRectF& place, const View& view) const {
    if (m_stage.grids.empty()) return;                   // shown before its first stage
    if (m_stage.grids.empty() || m_columns < 1) return;  // a paint that was due when the stage went
    const Theme& theme = Theme::instance();
    const std::size_t g = overviewGrid(view);
    const Grid& grid = m_stage.grids[g];
    const int row = view.selected.grid == grid.id ? std::clamp(view.selected.row, 0, grid.rows - 1) : 0;
    const QRectF strip(place.left() + m_left, place.top() + theme.px(6), place.width() - m_left - m_right, theme.px(overviewBar));
    const double each = strip.width() / m_columns;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(place.left(), strip.top(), m_label - theme.px(8), strip.height()), Qt::AlignRight | Qt::AlignVCenter,
                     QObject::tr("all %1").arg(m_columns));
    painter.fillRect(strip, theme.color(Role::screen));
    double largest = 1e-9;  // of the weights: the tallest bar
    for (int c = 0; c < grid.columns; ++c) largest = std::max(largest, grid.at(row, c));
    for (int c = 0; c < grid.columns; ++c) {
        const double value = grid.at(row, c);
        const QRectF cell(strip.left() + c * each, strip.top(), each, strip.height());
        if (!std::isfinite(value)) continue;
        if (grid.style == GridStyle::faders) {
            const double height = std::max(1.0, std::clamp(value / largest, 0.0, 1.0) * strip.height());
            painter.fillRect(QRectF(cell.left(), strip.bottom() - height, std::max(each - 1.0, 1.0), height), theme.color(Role::series1));
        } else if (grid.style != GridStyle::marks) {
            const double share = value / m_boxes[g].rowLargest[static_cast<std::size_t>(row)];
            painter.fillRect(
                cell, QColor::fromRgb(isSequential(grid)
                                          ? ColorMap::themed(ColorMap::Kind::trace).color(share)
                                          : ColorMap::themed(ColorMap::Kind::balance).color(0.5 + 0.475 * std::clamp(share, -1.0, 1.0))));
        }
    }
    drawFrame(painter, strip, 0, theme.color(Role::controlBorder));
    const double first = view.scrollX / m_column;
    drawFrame(painter,
              QRectF(strip.left() + first * each, strip.top(), m_shown * each, strip.height())
                  .adjusted(-1, -2, 1, 2)
                  .intersected(strip.adjusted(-1, -2, 1, 2)),
              2, theme.color(Role::accent), Qt::transparent, 2.0);
}

// ---- colour scales

double DeskScene::legendHeight() const {
    const bool coloured = std::any_of(m_stage.grids.begin(), m_stage.grids.end(), isColoured);
    return coloured ? Theme::instance().px(legendRoom) : 0.0;
}

double DeskScene::scaleOf(const CellRef& cell) const {
    const std::size_t g = gridIndex(cell.grid);
    if (g >= m_boxes.size()) return 1.0;
    if (cell.column < 0 && m_stage.grids[g].id != "mix") return m_boxes[g].largestMaster;
    return m_boxes[g].rowLargest[static_cast<std::size_t>(std::clamp(cell.row, 0, m_stage.grids[g].rows - 1))];
}

/// Of the grid in hand if it is coloured by signed values, else of the stage's own.
std::optional<DeskScene::Scale> DeskScene::valueScale(const View& view) const {
    const auto& grids = m_stage.grids;
    const auto fits = [](const Grid& grid) { return grid.style == GridStyle::values; };
    const CellRef& cell = gridIndex(view.hovered.grid) < grids.size() ? view.hovered : view.selected;
    std::size_t g = gridIndex(cell.grid);
    const bool inHand = cell.stage == m_stage.id && g < grids.size() && fits(grids[g]) && cell.row < grids[g].rows;
    if (!inHand) {
        auto own = std::find_if(grids.begin(), grids.end(), [&](const Grid& grid) { return fits(grid) && grid.current; });
        if (own == grids.end()) own = std::find_if(grids.begin(), grids.end(), fits);
        if (own == grids.end()) return std::nullopt;
        g = static_cast<std::size_t>(own - grids.begin());
    }
    const Grid& grid = grids[g];
    // A band's result is written, not coloured.
    const bool results = inHand && cell.column < 0 && !grid.rowScales && (grid.rows > 1 || cell.column == leadColumn);
    Scale scale;
    const auto row = static_cast<std::size_t>(inHand ? cell.row : 0);
    scale.name = shown(results               ? (cell.column == masterColumn ? grid.masterLabel : grid.leadLabel)
                       : grid.rowScales      ? grid.rowLabels[row]
                       : !grid.title.empty() ? grid.title
                                             : grid.rowLabels.front());
    scale.largest = inHand ? scaleOf({cell.stage, cell.grid, cell.row, results ? cell.column : 0, -1, -1}) : m_boxes[g].rowLargest.front();
    if (scale.largest <= noSize) return std::nullopt;  // zeros only: no colours to read
    if (inHand && (cell.column >= 0 || results)) scale.needle = grid.at(cell.row, cell.column);
    return scale;
}

std::optional<DeskScene::Scale> DeskScene::weightScale(const View& view) const {
    const auto& grids = m_stage.grids;
    const auto found = std::find_if(grids.begin(), grids.end(), isSequential);
    if (found == grids.end()) return std::nullopt;
    const CellRef& cell = view.hovered.stage.empty() ? view.selected : view.hovered;
    std::size_t g = gridIndex(cell.grid);
    const bool inHand = g < grids.size() && isSequential(grids[g]) && cell.column >= 0 && cell.row < grids[g].rows;
    if (!inHand) g = static_cast<std::size_t>(found - grids.begin());
    // Of attention, or of the classes.
    Scale scale{grids[g].id == "p" ? QObject::tr("probability") : QObject::tr("weight"), m_boxes[g].largest, true, {}};
    if (inHand) scale.needle = grids[g].at(cell.row, cell.column);
    return scale;
}

/// Returns its right end.
double DeskScene::paintScale(QPainter& painter, const QPointF& at, const Scale& scale) const {
    const Theme& theme = Theme::instance();
    const QRectF bar(at.x(), at.y(), theme.px(scaleWidth), theme.px(deskExtrasScaleBar));
    const double each = bar.width() / deskExtrasScaleSteps, low = scale.sequential ? 0.0 : -scale.largest;
    for (int i = 0; i < deskExtrasScaleSteps; ++i) {
        const double share = (i + 0.5) / deskExtrasScaleSteps;
        const QRgb color = scale.sequential ? ColorMap::themed(ColorMap::Kind::trace).color(share)
                                            : ColorMap::themed(ColorMap::Kind::balance).color(0.5 + 0.475 * (2.0 * share - 1.0));
        painter.fillRect(QRectF(bar.left() + i * each, bar.top(), each + 0.5, bar.height()), QColor::fromRgb(color));
    }
    drawFrame(painter, bar, 0, theme.color(Role::controlBorder));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QRectF line(bar.left(), bar.bottom() + theme.px(2), bar.width(), theme.px(16));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, significant(low, 2));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, significant(scale.largest, 2));
    // A long name stands behind the scale.
    const double between =
        bar.width() -
        2.0 * std::max(textWidth(painter.font(), significant(low, 2)), textWidth(painter.font(), significant(scale.largest, 2))) -
        theme.px(8);
    const double named = formulaWidth(painter.font(), scale.name);
    const bool inside = named <= between;
    drawFormula(painter, inside ? line : QRectF(bar.right() + theme.px(8), bar.top() - theme.px(4), named + theme.px(8), theme.px(16)),
                inside ? Qt::AlignHCenter : Qt::AlignLeft, scale.name);
    const double end = inside ? bar.right() : bar.right() + theme.px(8) + named;
    if (!scale.needle || !std::isfinite(*scale.needle)) return end;
    const double x = bar.left() + bar.width() * std::clamp((*scale.needle - low) / (scale.largest - low), 0.0, 1.0);
    const double half = theme.px(4);
    painter.setPen(QPen(theme.color(Role::fillBorder), 1));
    painter.setBrush(theme.color(Role::fill));
    painter.drawPolygon(QPolygonF({QPointF(x, bar.top() + 2), QPointF(x - half, bar.top() - half), QPointF(x + half, bar.top() - half)}));
    painter.setBrush(Qt::NoBrush);
    return end;
}

void DeskScene::paintLegend(QPainter& painter, const QRectF& place, const View& view) const {
    const Theme& theme = Theme::instance();
    double x = place.left() + theme.px(16);
    const double y = place.top() + theme.px(8);
    if (const auto values = valueScale(view)) x = paintScale(painter, QPointF(x, y), *values) + theme.px(36);
    if (const auto weights = weightScale(view)) x = paintScale(painter, QPointF(x, y), *weights) + theme.px(20);
    const auto faders =
        std::find_if(m_stage.grids.begin(), m_stage.grids.end(), [](const Grid& g) { return g.style == GridStyle::faders; });
    if (faders == m_stage.grids.end()) return;
    double outlined = 0.0;
    for (const int column : faders->litColumns) outlined += faders->at(0, column);
    double whole = 0.0;  // 1, unless the hand set the weights
    for (int column = 0; column < faders->columns; ++column) whole += faders->at(0, column);
    if (whole <= 0.0) return;
    outlined /= whole;
    const QString text = QObject::tr("outlined keys: %1 of the weight").arg(percent(outlined));
    painter.setFont(theme.font(TextSize::caption));
    if (x + textWidth(painter.font(), text) > place.right() - theme.px(8)) return;
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(place.left(), y, place.width() - theme.px(8), theme.px(16)), Qt::AlignRight | Qt::AlignVCenter, text);
}

// ---- shared keys

double DeskScene::sharingHeight() const {
    return m_stage.sharing ? Theme::instance().px(sharingRoom) : 0.0;
}

/// Query heads above, key-value heads below, a line from each reader to what it reads; those that share with the head in hand are strong.
void DeskScene::paintSharing(QPainter& painter, const QRectF& place) const {
    const Theme& theme = Theme::instance();
    const explain::HeadSharing& sharing = *m_stage.sharing;
    const double label = theme.px(108), room = place.width() - label - theme.px(16);
    const double pitch = std::min<double>(room / sharing.heads, theme.px(headBox + 10)),
                 wide = std::min<double>(pitch - 3.0, theme.px(headBox));
    const double high = theme.px(headBoxHeight), above = place.top() + theme.px(4), below = place.top() + theme.px(56);
    const int mine = sharing.group(sharing.head), each = sharing.heads / sharing.kvHeads;
    const auto x = [&](double head) { return place.left() + label + (head + 0.5) * pitch; };
    const auto middle = [&](int group) { return x((group + 0.5) * each - 0.5); };
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(place.left(), above, label - theme.px(8), high), Qt::AlignRight | Qt::AlignVCenter, QObject::tr("query heads"));
    painter.drawText(QRectF(place.left(), below, label - theme.px(8), high), Qt::AlignRight | Qt::AlignVCenter,
                     QObject::tr("key-value heads"));
    for (int head = 0; head < sharing.heads; ++head) {
        const bool shares = sharing.group(head) == mine;
        painter.setPen(QPen(theme.color(shares ? Role::text : Role::controlBorder), shares ? 2.0 : 1.0));
        painter.drawLine(QPointF(x(head), above + high), QPointF(middle(sharing.group(head)), below));
    }
    const auto box = [&](const QPointF& top, const QString& text, bool strong, bool inHand) {
        const QRectF rect(top.x() - wide / 2, top.y(), wide, high);
        drawFrame(painter, rect, 2, theme.color(strong ? Role::text : Role::controlBorder),
                  theme.color(inHand ? Role::selection : Role::control), strong ? 1.5 : 1.0);
        if (inHand) drawFrame(painter, rect.adjusted(-2, -2, 2, 2), 3, theme.color(Role::accent), Qt::transparent, 2.0);
        painter.setFont(theme.font(TextSize::axis, strong));
        painter.setPen(theme.color(strong ? Role::text : Role::muted));
        drawFormula(painter, rect, Qt::AlignHCenter, text);
    };
    for (int head = 0; head < sharing.heads; ++head)
        box(QPointF(x(head), above), QStringLiteral("q^{%1}").arg(head), sharing.group(head) == mine, head == sharing.head);
    for (int group = 0; group < sharing.kvHeads; ++group)
        box(QPointF(middle(group), below), QStringLiteral("k,v^{%1}").arg(group), group == mine, false);
}

// ---- own numbers

bool DeskScene::editable(const CellRef& cell) const {
    const std::size_t g = gridIndex(cell.grid);
    if (g >= m_stage.grids.size() || (!cell.stage.empty() && cell.stage != m_stage.id)) return false;
    const Grid& grid = m_stage.grids[g];
    return grid.place && !grid.tensor.empty() && cell.row < grid.rows && cell.column < grid.columns &&
           !std::isnan(grid.at(cell.row, cell.column)) && grid.place(cell.row, cell.column) >= 0;
}

bool DeskScene::inFader(const CellRef& cell, const QPointF& point, const View& view) const {
    const std::size_t g = gridIndex(cell.grid);
    return g < m_boxes.size() && cell.column >= 0 && m_boxes[g].fader > 0.0 && point.y() + view.scrollY < m_boxes[g].rows;
}

double DeskScene::faderValue(const CellRef& cell, double y, const View& view) const {
    const Theme& theme = Theme::instance();
    const Box& box = m_boxes[gridIndex(cell.grid)];
    const double bottom = box.rows - view.scrollY - theme.px(5), travel = box.fader - theme.px(12);
    const double share = std::clamp((bottom - y) / travel, 0.0, 1.0), reach = m_stage.grids[gridIndex(cell.grid)].reach;
    return reach > 0.0 ? (2.0 * share - 1.0) * reach : share;
}

/// Of weights always, of scores in their own stage where the hand sets them.
bool DeskScene::hasFaders(const Grid& grid) const {
    return grid.style == GridStyle::faders || (m_own && grid.current && grid.reach > 0.0);
}

/// Where on its way the cap stands, from 0 to 1.
double DeskScene::faderShare(const Grid& grid, double value) const {
    if (!std::isfinite(value)) return 0.0;
    return std::clamp(grid.reach > 0.0 ? (value / grid.reach + 1.0) / 2.0 : value, 0.0, 1.0);
}

}  // namespace lab
