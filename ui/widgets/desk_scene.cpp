#include "ui/widgets/desk_scene.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

using namespace explain;

// Logical px at 100 %.
constexpr int deskSceneLeastColumn = 36;
constexpr int mostColumn = 60;
constexpr int bandHeight = 21;
constexpr int matrixHeight = 23;
constexpr int marksHeight = 18;
constexpr int denseHeight = 18;
constexpr int faderHeight = 62;
constexpr int deskSceneHeaderHeight = 16;
constexpr int deskSceneTokenHeight = 20;
constexpr int deskSceneTitleHeight = 18;
constexpr int leastMaster = 50;
constexpr int deskSceneGap = 4;

bool isBlank(const DeskScene::View& view, const Grid& grid, int row, int column) {
    return std::any_of(view.blanks.begin(), view.blanks.end(),
                       [&](const CellRef& blank) { return blank.grid == grid.id && blank.row == row && blank.column == column; });
}

}  // namespace

QFont DeskScene::cellFont(bool bold) const {
    return Theme::instance().font(m_small ? TextSize::caption : TextSize::axis, bold);
}

double DeskScene::widestNumber(const QFont& font, std::size_t g, int row) const {
    double least = 0.0, most = 0.0, apart = 0.0;
    for (int c = 0; c < m_stage.grids[g].columns && changes(m_stage.grids[g], row); ++c)
        apart = std::max<double>(apart, textWidth(font, cellText(g, row, c)));
    if (apart > 0.0) return apart;
    for (int c = 0; c < m_stage.grids[g].columns; ++c)
        if (const double value = m_stage.grids[g].at(row, c); std::isfinite(value))
            least = std::min(least, value), most = std::max(most, value);
    const auto wide = [&](double value) { return textWidth(font, numberText(m_stage.grids[g], m_boxes[g], row, 0, value)); };
    return std::max(wide(least), wide(most));
}

double DeskScene::widestNumber(const QFont& font) const {
    double widest = 0.0;
    for (std::size_t g = 0; g < m_stage.grids.size(); ++g)
        for (int r = 0; r < m_stage.grids[g].rows; ++r) widest = std::max(widest, widestNumber(font, g, r));
    return widest;
}

/// The same in all rows. Where a single digit would be left of numbers below 1, a power of ten beside the label leaves two, if there is
/// room for it.
void DeskScene::fewerDecimals(std::size_t g, const Box& before) {
    Box& box = m_boxes[g];
    const int least = *std::min_element(box.decimals.begin(), box.decimals.end());
    if (least == before.decimals.front()) return;
    std::fill(box.decimals.begin(), box.decimals.end(), least);
    if (least > 1 || box.exponents.front() != 0 || box.largest >= 0.95 || box.bare.front()) return;
    const Box plain = box;
    std::fill(box.exponents.begin(), box.exponents.end(), static_cast<int>(std::floor(std::log10(box.largest))));
    std::fill(box.decimals.begin(), box.decimals.end(), 1);
    const Grid& grid = m_stage.grids[g];
    const QFont bold = Theme::instance().font(TextSize::axis, true);
    const QString label = besideHeader(grid)                     ? titleText(grid, box)
                          : grid.title.empty() || grid.rows == 1 ? rowLabel(grid, box, 0)
                                                                 : QString();
    if (formulaWidth(bold, label) + Theme::instance().px(10) > m_label) box = plain;
}

/// Fewer decimals where numbers are wider than `room`, in all rows of a matrix alike; false, and all as before, when that does not help.
bool DeskScene::dropDecimals(double room) {
    const std::vector<Box> before = m_boxes;
    for (std::size_t g = 0; g < m_stage.grids.size(); ++g) {
        std::vector<int>& decimals = m_boxes[g].decimals;
        const bool alike = m_stage.grids[g].style != GridStyle::plain && !m_stage.grids[g].rowScales;
        for (int r = 0; r < m_stage.grids[g].rows; ++r) {
            int& ofRow = decimals[static_cast<std::size_t>(r)];
            while (widestNumber(cellFont(), g, r) > room && ofRow > 0) --ofRow;
            if (widestNumber(cellFont(), g, r) <= room) continue;
            m_boxes = before;
            return false;
        }
        if (alike) fewerDecimals(g, before[g]);
    }
    return true;
}

/// The largest font in which `together` columns fit, then fewer decimals (LOOK 2); columns that do not fit even so are scrolled, whole ones
/// in sight.
void DeskScene::fitColumns(double room, int together, bool mayDrop) {
    const Theme& theme = Theme::instance();
    const double each = std::floor(room / std::max(together, 1));
    m_small = false;
    const double wanted = std::max<double>(widestNumber(cellFont()) + theme.px(6), theme.px(deskSceneLeastColumn));
    double widest = wanted;
    if (room == 0.0) {
        m_shown = std::max(m_columns, 1);
        m_column = std::ceil(wanted);
        return;
    }
    if (widest > each) {
        m_small = true;
        const double least = theme.px(deskSceneLeastColumn - 3);
        widest = std::max<double>(widestNumber(cellFont()) + theme.px(4), least);
        if (mayDrop && widest > each && each >= least && dropDecimals(each - theme.px(4))) widest = each;
        m_small = widest <= each;
        if (!m_small) widest = wanted;
    }
    m_shown = std::clamp(static_cast<int>(room / widest), 1, std::max(m_columns, 1));
    const double most = std::max<double>(widest, theme.px(mostColumn));
    m_column = std::floor(std::clamp(room / m_shown, widest, most));
}

void DeskScene::measureWidths(double available, int together, bool mayDrop) {
    const Theme& theme = Theme::instance();
    const QFont bold = theme.font(TextSize::axis, true);
    double label = theme.px(64), lead = 0.0, master = 0.0;
    m_columns = 0;
    for (std::size_t g = 0; g < m_stage.grids.size(); ++g) {
        const Grid& grid = m_stage.grids[g];
        const Box& box = m_boxes[g];
        m_columns = std::max(m_columns, grid.columns);
        for (int r = 0; r < grid.rows && static_cast<std::size_t>(r) < grid.rowLabels.size(); ++r)
            label = std::max(label, formulaWidth(bold, rowLabel(grid, box, r)) + theme.px(12));
        if (besideHeader(grid)) label = std::max(label, formulaWidth(bold, titleText(grid, box)) + theme.px(12));
        label = std::max(label, formulaWidth(theme.font(TextSize::caption), shown(grid.columnsAre)) + theme.px(12));
        double result = std::max<double>(textWidth(bold, numberText(grid, box, 0, masterColumn, -box.largestMaster)) + theme.px(10),
                                         theme.px(leastMaster));
        for (int r = 0; grid.rowScales && r < grid.rows; ++r)
            result =
                std::max<double>(result, textWidth(bold, numberText(grid, box, r, masterColumn, grid.at(r, masterColumn))) + theme.px(10));
        if (!grid.master.empty() && !isMatrix(grid)) master = std::max(master, formulaWidth(bold, bandResult(grid, box)) - theme.px(6));
        if (!grid.master.empty() && isMatrix(grid))
            master = std::max({master, result, formulaWidth(bold, resultLabel(grid.masterLabel, box)) + theme.px(8)});
        if (!grid.lead.empty()) lead = std::max({lead, result, formulaWidth(bold, resultLabel(grid.leadLabel, box)) + theme.px(8)});
    }
    m_label = label;
    m_left = label + (lead > 0.0 ? lead + theme.px(deskSceneGap) : 0.0);
    m_right = master > 0.0 ? master + theme.px(16) : theme.px(4);
    fitColumns(available > 0.0 ? std::max(available - m_left - m_right, 1.0) : 0.0, together > 0 ? together : m_columns, mayDrop);
}

double DeskScene::layOut(const Grid& grid, Box& box, double top) const {
    const Theme& theme = Theme::instance();
    box.top = top;
    if (!grid.title.empty() && !besideHeader(grid)) top += theme.px(deskSceneTitleHeight);
    box.header = top;
    if (!grid.columnLabels.empty() || (!grid.master.empty() && isMatrix(grid)) || !grid.lead.empty())
        top += theme.px(deskSceneHeaderHeight);
    if (!grid.columnTokens.empty()) top += theme.px(deskSceneTokenHeight);
    box.fader = hasFaders(grid) ? theme.px(faderHeight) : 0.0;
    if (box.fader > 0.0) top += theme.px(deskSceneGap);
    box.rows = top + box.fader;
    box.rowHeight = theme.px(grid.style == GridStyle::marks ? marksHeight
                             : m_dense || m_lowRows         ? denseHeight
                             : isMatrix(grid)               ? matrixHeight
                                                            : bandHeight);
    return box.rows + box.rowHeight * grid.rows + (isMatrix(grid) || box.fader > 0.0 ? theme.px(6) : 0);
}

bool DeskScene::mayFold() const {
    return m_shown < m_columns && !m_stage.rowDesk &&
           std::all_of(m_stage.grids.begin(), m_stage.grids.end(), [&](const Grid& grid) { return grid.columns == m_columns; });
}

/// The whole stack of grids once for each line of columns.
void DeskScene::fold(double room) {
    m_lines = 1;
    m_lineHeight = m_height;
    if (!mayFold()) return;
    const int lines = (m_columns + m_shown - 1) / m_shown;
    if (lines * m_height > room) return;
    m_lines = lines;
    const double wide = m_shown * m_column;
    m_shown = (m_columns + lines - 1) / lines;  // lines of equal length
    m_column = std::floor(std::min<double>(wide / m_shown, std::max<double>(m_column, Theme::instance().px(mostColumn))));
    m_height *= lines;
}

int DeskScene::lineOf(int column) const {
    return column == masterColumn ? m_lines - 1 : column == leadColumn || m_lines == 1 ? 0 : column / m_shown;
}

void DeskScene::setStage(const explain::Stage& stage, double available, double high) {
    m_stage = stage;
    // Lines of columns rather than fewer digits, where there is room for them.
    const auto scrolls = [&] { return m_lines == 1 && m_shown < m_columns; };
    m_dense = false;
    arrange(available, high, 0, false);
    if (scrolls()) arrange(available, high, 0, true);
    if (!scrolls() || !mayFold()) return;
    // Lower rows, and then as many lines as there is room for, rather than scrolling.
    m_dense = true;
    arrange(available, high, 0, false);
    const int lines = static_cast<int>((high - legendHeight()) / m_height);
    if (scrolls() && lines > 1) arrange(available, high, (m_columns + lines - 1) / lines, true);
    if (!scrolls()) return;
    m_dense = false;
    arrange(available, high, 0, true);
}

/// `together`: columns that shall stand in one line, 0: all.
void DeskScene::arrange(double available, double high, int together, bool mayDrop) {
    m_boxes.assign(m_stage.grids.size(), {});
    m_lines = 1;
    for (std::size_t g = 0; g < m_boxes.size(); ++g) measureNumbers(m_stage.grids[g], m_boxes[g]);
    measureWidths(available, together, mayDrop);
    double top = Theme::instance().px(4) + sharingHeight();
    for (std::size_t g = 0; g < m_boxes.size(); ++g) top = layOut(m_stage.grids[g], m_boxes[g], top);
    m_height = top + Theme::instance().px(4);
    fold(high - legendHeight());
}

double DeskScene::columnX(const View& view, int column) const {
    return m_left + (m_lines > 1 ? column % m_shown : column) * m_column - view.scrollX;
}

/// Where a grid's columns end and its results begin: beside its own columns where all columns are in sight, else pinned.
double DeskScene::columnsEnd(std::size_t g, const View& view) const {
    if (m_lines == 1 && m_shown >= m_columns) return m_left + m_stage.grids[g].columns * m_column;
    return std::min(view.width, m_left + columnsWidth() + m_right) - m_right;
}

QRectF DeskScene::rectOf(std::size_t g, int row, int column, const View& view) const {
    const Box& box = m_boxes[g];
    const double y = box.rows + row * box.rowHeight + lineOf(column) * m_lineHeight - view.scrollY;
    if (column == masterColumn)
        return {columnsEnd(g, view) + Theme::instance().px(14), y, m_right - Theme::instance().px(16), box.rowHeight};
    if (column == leadColumn) return {m_label, y, m_left - m_label - Theme::instance().px(deskSceneGap), box.rowHeight};
    return {columnX(view, column), y, m_column, box.rowHeight};
}

std::pair<int, int> DeskScene::visibleColumns(const View& view, int count) const {
    if (m_lines > 1) return {std::min(count, view.line * m_shown), std::min(count, (view.line + 1) * m_shown)};
    const int first = std::max(0, static_cast<int>(std::floor(view.scrollX / m_column)));
    const int last = static_cast<int>(std::floor((view.scrollX + view.width - m_left - m_right) / m_column + 0.01));
    return {first, std::min(count, std::max(last, first + 1))};
}

bool DeskScene::lit(const Grid& grid, int column) const {
    return std::find(grid.litColumns.begin(), grid.litColumns.end(), column) != grid.litColumns.end();
}

void DeskScene::paint(QPainter& painter, const View& view) const {
    if (m_stage.sharing)
        paintSharing(painter, QRectF(0, Theme::instance().px(4) - view.scrollY, std::min(view.width, m_left + columnsWidth() + m_right),
                                     sharingHeight()));
    View ofLine = view;
    for (ofLine.line = 0; ofLine.line < m_lines; ++ofLine.line)
        for (std::size_t g = 0; g < m_boxes.size(); ++g) {
            const Box& box = m_boxes[g];
            const double bottom = box.rows + box.rowHeight * m_stage.grids[g].rows, top = lineTop(ofLine);
            if (bottom + top < 0.0 || box.top + top > view.visibleHeight) continue;
            paintGrid(painter, g, ofLine);
        }
    if (m_lines == 1) paintPinnedHeader(painter, view);
}

/// The last column labels that have been scrolled out of sight stay at the top.
void DeskScene::paintPinnedHeader(QPainter& painter, const View& view) const {
    const Theme& theme = Theme::instance();
    for (std::size_t g = m_boxes.size(); g-- > 0;) {
        const Grid& grid = m_stage.grids[g];
        if (grid.columnLabels.empty() || m_boxes[g].header >= view.scrollY) continue;
        const double height = theme.px(deskSceneHeaderHeight + (grid.columnTokens.empty() ? 0 : deskSceneTokenHeight));
        painter.fillRect(QRectF(0, 0, view.width, height), theme.color(Role::screen));
        paintColumnLabels(painter, g, view, 0.0);
        drawHairline(painter, QPointF(0, height), QPointF(view.width, height), theme.color(Role::hairline));
        return;
    }
}

void DeskScene::paintGrid(QPainter& painter, std::size_t g, const View& view) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    const Box& box = m_boxes[g];
    const double right = columnsEnd(g, view) + m_right;
    if (grid.current && m_stage.rowDesk && !isMatrix(grid)) {
        QColor tint = theme.color(Role::selection);
        tint.setAlphaF(0.55F);
        const double top = box.rows - box.fader + lineTop(view);
        painter.fillRect(QRectF(0, top - theme.px(1), right, box.fader + box.rowHeight + theme.px(2)), tint);
    }
    paintHeader(painter, g, view);
    paintLabels(painter, g, view);
    painter.save();
    painter.setClipRect(QRectF(m_left, 0, right - m_left - m_right, view.visibleHeight + theme.px(100)), Qt::IntersectClip);
    const auto [first, last] = visibleColumns(view, grid.columns);
    const double start = lineTop(view) + box.rows;
    const int top = std::max(0, static_cast<int>(-start / box.rowHeight));
    const int bottom = std::min(grid.rows, static_cast<int>((view.visibleHeight - start) / box.rowHeight) + 1);
    for (int r = top; r < bottom; ++r)
        for (int c = first; c < last; ++c) paintCell(painter, g, r, c, rectOf(g, r, c, view), view);
    for (int c = first; c < last && box.fader > 0.0; ++c)
        if (!isBlank(view, grid, 0, c)) paintFader(painter, g, c, rectOf(g, 0, c, view), view);
    paintFrames(painter, g, view);
    painter.restore();
    for (int r = top; r < bottom; ++r)
        for (const int column : {leadColumn, masterColumn})
            if (!std::isnan(grid.at(r, column)) && lineOf(column) == view.line)
                paintCell(painter, g, r, column, rectOf(g, r, column, view), view);
    paintResultFrame(painter, g, top, bottom, view);
    if (view.selected.grid == grid.id && view.selected.stage == m_stage.id && view.selected.row < grid.rows &&
        view.selected.column < grid.columns) {
        const QRectF cell = rectOf(g, view.selected.row, view.selected.column, view);
        if (view.selected.column < 0 || (cell.left() >= m_left - 1 && cell.right() <= right - m_right + 1)) {
            drawFrame(painter, cell.adjusted(-1, -1, 1, 1), 0, theme.color(Role::fill), Qt::transparent, 2.5);
            drawFrame(painter, cell.adjusted(1.5, 1.5, -1.5, -1.5), 0, Qt::black);
        }
    }
}

/// Around the results in sight, if they are one thing.
void DeskScene::paintResultFrame(QPainter& painter, std::size_t g, int top, int bottom, const View& view) const {
    const Grid& grid = m_stage.grids[g];
    if (!grid.current || !isMatrix(grid) || grid.master.empty() || grid.rowScales || view.line != m_lines - 1) return;
    while (top < bottom && std::isnan(grid.at(top, masterColumn))) ++top;
    while (top < bottom && std::isnan(grid.at(bottom - 1, masterColumn))) --bottom;
    if (top < bottom)
        drawFrame(painter, rectOf(g, top, masterColumn, view).united(rectOf(g, bottom - 1, masterColumn, view)), 0,
                  Theme::instance().color(Role::text));
}

void DeskScene::paintHeader(QPainter& painter, std::size_t g, const View& view) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    const Box& box = m_boxes[g];
    double y = box.top + lineTop(view);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    if (besideHeader(grid)) {
        painter.setFont(theme.font(TextSize::axis));
        drawFormula(painter, QRectF(0, y, m_label - theme.px(8), theme.px(deskSceneHeaderHeight)), Qt::AlignRight, titleText(grid, box));
        for (int c = visibleColumns(view, grid.columns).first; grid.id == "mix" && c < visibleColumns(view, grid.columns).second; ++c) {
            const QPointF middle(columnX(view, c) + m_column / 2, y + theme.px(2));
            if (middle.x() < m_left || middle.x() > std::min(view.width, m_left + columnsWidth() + m_right) - m_right) continue;
            const double down = theme.px(11), wing = theme.px(4);
            painter.setPen(QPen(theme.color(lit(grid, c) ? Role::text : Role::controlBorder), lit(grid, c) ? 2 : 1));
            painter.drawPolyline(QPolygonF({middle, middle + QPointF(0, down), middle + QPointF(-wing, down - wing)}));
            painter.drawLine(middle + QPointF(0, down), middle + QPointF(wing, down - wing));
        }
    } else if (!grid.title.empty()) {
        drawFormula(painter, QRectF(theme.px(6), y, view.width, theme.px(deskSceneTitleHeight)), Qt::AlignLeft, titleText(grid, box));
    }
    y = box.header + lineTop(view);
    const double labelRight = m_label - theme.px(8);
    if (!grid.columnLabels.empty()) {
        drawFormula(painter, QRectF(0, y, labelRight, theme.px(deskSceneHeaderHeight)), Qt::AlignRight, shown(grid.columnsAre));
        if (!grid.columnTokens.empty())
            painter.drawText(QRectF(0, y + theme.px(deskSceneHeaderHeight), labelRight, theme.px(deskSceneTokenHeight)),
                             Qt::AlignRight | Qt::AlignVCenter, shown(Message(LAB_TEXT("explain", "token"))));
    }
    const auto paintResultLabel = [&](int column, const explain::Words& label) {
        painter.setFont(theme.font(TextSize::axis, true));
        painter.setPen(theme.color(Role::text));
        QRectF place = rectOf(g, 0, column, view);
        place.setTop(box.rows - box.fader - theme.px(deskSceneHeaderHeight) + lineTop(view));
        place.setHeight(theme.px(deskSceneHeaderHeight));
        drawFormula(painter, place, Qt::AlignHCenter, resultLabel(label, box));
    };
    if (!grid.master.empty() && isMatrix(grid) && view.line == m_lines - 1) paintResultLabel(masterColumn, grid.masterLabel);
    if (!grid.lead.empty() && view.line == 0) paintResultLabel(leadColumn, grid.leadLabel);
    if (!grid.columnLabels.empty()) paintColumnLabels(painter, g, view, y);
}

/// What the columns are, at `y` of the view.
void DeskScene::paintColumnLabels(QPainter& painter, std::size_t g, const View& view, double y) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    painter.save();
    const double right = std::min(view.width, m_left + columnsWidth() + m_right) - m_right;
    painter.setClipRect(QRectF(m_left, y, right - m_left, theme.px(deskSceneHeaderHeight + deskSceneTokenHeight)), Qt::IntersectClip);
    const auto [first, last] = visibleColumns(view, grid.columns);
    for (int c = first; c < last; ++c) {
        const auto at = static_cast<std::size_t>(c);
        const bool strong = lit(grid, c);
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        if (at < grid.columnLabels.size())
            painter.drawText(QRectF(columnX(view, c), y, m_column, theme.px(deskSceneHeaderHeight)), Qt::AlignCenter,
                             qt(grid.columnLabels[at]));
        if (at >= grid.columnTokens.size()) continue;
        painter.setFont(theme.font(TextSize::token, strong));
        painter.setPen(theme.color(Role::text));
        drawElided(painter, QRectF(columnX(view, c), y + theme.px(deskSceneHeaderHeight), m_column, theme.px(deskSceneTokenHeight)),
                   Qt::AlignHCenter, qt(grid.columnTokens[at]));
    }
    painter.restore();
}

void DeskScene::paintLabels(QPainter& painter, std::size_t g, const View& view) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    const Box& box = m_boxes[g];
    const double labelRight = m_label - theme.px(8);
    for (int r = 0; r < grid.rows && static_cast<std::size_t>(r) < grid.rowLabels.size(); ++r) {
        const bool strong =
            (view.selected.grid == grid.id && view.selected.row == r) || (!isMatrix(grid) && grid.current) || r == grid.litRow;
        painter.setFont(theme.font(TextSize::axis, strong));
        painter.setPen(theme.color(strong ? Role::text : Role::muted));
        QRectF place(0, box.rows + r * box.rowHeight + lineTop(view), labelRight, box.rowHeight);
        const QString label = rowLabel(grid, box, r);
        drawFormula(painter, place, Qt::AlignRight, label);
    }
}

void DeskScene::paintCell(QPainter& painter, std::size_t g, int row, int column, const QRectF& rect, const View& view) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    const Box& box = m_boxes[g];
    const double value = grid.at(row, column);
    const QRectF inner = rect.adjusted(0.5, 0.5, -0.5, -0.5);
    if (std::isnan(value)) return;
    if (isBlank(view, grid, row, column))
        return drawFrame(painter, inner.adjusted(1, 1, -1, -1), 0, theme.color(Role::text), theme.color(Role::screen));
    if (std::isinf(value) && column >= 0) drawHatch(painter, inner);
    if (grid.style == GridStyle::marks && std::isfinite(value))
        painter.fillRect(inner, QColor::fromRgb(ColorMap::themed(ColorMap::Kind::trace).color(0.5)));
    QColor ink = theme.color(Role::text);
    const bool result = column == masterColumn;
    const bool sharesScale = grid.id == "mix";
    const bool fills = std::isfinite(value) &&
                       (column >= 0 ? grid.style != GridStyle::plain && grid.style != GridStyle::marks : isMatrix(grid) && !grid.rowScales);
    if (fills) {
        const bool sequential = column >= 0 && (grid.style == GridStyle::weights || grid.style == GridStyle::faders);
        const double largest = column < 0 && !sharesScale ? box.largestMaster : box.rowLargest[static_cast<std::size_t>(row)];
        const QRgb fill = sequential
                              ? ColorMap::themed(ColorMap::Kind::trace).color(value / largest)
                              : ColorMap::themed(ColorMap::Kind::balance).color(0.5 + 0.475 * std::clamp(value / largest, -1.0, 1.0));
        const bool selectedRow = view.selected.grid == grid.id && view.selected.row == row;
        const bool dim = column >= 0 && isMatrix(grid) && !grid.litColumns.empty() && !lit(grid, column) && !selectedRow;
        QColor color = QColor::fromRgb(fill);
        if (dim)
            color.setAlphaF(0.3F);
        else
            ink = ColorMap::ink(fill);
        painter.fillRect(inner, color);
    }
    const bool strong = result || column == leadColumn ||
                        (lit(grid, column) && (!isMatrix(grid) || (view.selected.row == row && view.selected.grid == grid.id)));
    const QRectF place = rect.adjusted(1, 0, -theme.px(m_small && column >= 0 ? 2 : 4), 0);
    if (result && !isMatrix(grid)) {
        const bool heavy = grid.style == GridStyle::faders || grid.current;
        painter.setFont(theme.font(TextSize::axis, heavy));
        painter.setPen(theme.color(heavy ? Role::text : Role::muted));
        const QRectF wide(place.left() - theme.px(14), place.top(), place.width() + theme.px(14), place.height());
        drawFormula(painter, wide, Qt::AlignRight, bandResult(grid, box));
        return;
    }
    if (view.own && editable({m_stage.id, grid.id, row, column, -1, -1})) {
        const double side = theme.px(5);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Role::fill));
        painter.drawPolygon(
            QPolygonF({inner.bottomRight(), inner.bottomRight() - QPointF(side, 0), inner.bottomRight() - QPointF(0, side)}));
        painter.setBrush(Qt::NoBrush);
    }
    painter.setFont(column >= 0 ? cellFont(strong) : theme.font(TextSize::axis, strong));
    painter.setPen(ink);
    if (const int staying = stayingCharacters(g, row, column); staying >= 0) {
        const QString text = numberText(grid, box, row, column, value);
        return paintChange(painter, place, text.left(staying), text.mid(staying));
    }
    const bool centred = grid.style == GridStyle::marks && column >= 0;
    painter.drawText(centred ? rect : place, (centred ? Qt::AlignHCenter : Qt::AlignRight) | Qt::AlignVCenter,
                     numberText(grid, box, row, column, value));
}

/// What changes of a number stands out from what stays.
void DeskScene::paintChange(QPainter& painter, const QRectF& place, const QString& stays, const QString& changes) const {
    const Theme& theme = Theme::instance();
    const QFont plain = painter.font();
    QFont marked = plain;
    marked.setUnderline(true);
    painter.setFont(marked);
    painter.setPen(theme.color(Role::accent));
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, changes);
    painter.setFont(plain);
    painter.setPen(theme.color(Role::text));
    painter.drawText(place.adjusted(0, 0, -textWidth(plain, changes), 0), Qt::AlignRight | Qt::AlignVCenter, stays);
}

void DeskScene::paintFader(QPainter& painter, std::size_t g, int column, const QRectF& cell, const View& view) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    const Box& box = m_boxes[g];
    const bool byHand = view.own && editable({m_stage.id, grid.id, 0, column, -1, -1});
    const double x = cell.center().x(), bottom = cell.top() - theme.px(5), travel = box.fader - theme.px(12);
    const double zero = faderShare(grid, 0.0) * travel, height = faderShare(grid, grid.at(0, column)) * travel, cap = bottom - height;
    const bool strong = lit(grid, column);
    painter.setPen(QPen(theme.color(Role::controlBorder), 2));
    painter.drawLine(QPointF(x, cell.top() - box.fader + theme.px(4)), QPointF(x, cell.top() - theme.px(4)));
    QColor tick = theme.color(Role::controlBorder);
    tick.setAlphaF(0.7F);
    for (int q = 0; q <= 4; ++q)
        drawHairline(painter, QPointF(x - theme.px(6), bottom - q * travel / 4), QPointF(x + theme.px(6), bottom - q * travel / 4), tick);
    painter.fillRect(QRectF(x - theme.px(2), std::min(cap, bottom - zero), theme.px(4), std::abs(height - zero)),
                     theme.color(Role::series1));
    const QRectF knob(x - theme.px(12), cap - theme.px(5), theme.px(24), theme.px(10));
    drawFrame(painter, knob, 2,
              theme.color(byHand   ? Role::fillBorder
                          : strong ? Role::text
                                   : Role::controlBorder),
              theme.color(byHand   ? Role::fill
                          : strong ? Role::series1
                                   : Role::control));
    const QColor line = byHand   ? theme.color(Role::onFill)
                        : strong ? ColorMap::ink(theme.color(Role::series1).rgb())
                                 : theme.color(Role::muted);
    painter.setPen(QPen(line, 1.5));
    painter.drawLine(QPointF(knob.left() + theme.px(3), cap), QPointF(knob.right() - theme.px(3), cap));
}

void DeskScene::paintFrames(QPainter& painter, std::size_t g, const View& view) const {
    const Theme& theme = Theme::instance();
    const Grid& grid = m_stage.grids[g];
    if (grid.litRow >= 0 && grid.litRow < grid.rows)
        drawFrame(painter, rectOf(g, grid.litRow, 0, view).united(rectOf(g, grid.litRow, grid.columns - 1, view)), 0,
                  theme.color(Role::text), Qt::transparent, 1.5);
    if (!isMatrix(grid)) return;
    if (grid.current && m_stage.rowDesk)
        for (const int c : grid.litColumns)
            drawFrame(painter, rectOf(g, 0, c, view).united(rectOf(g, grid.rows - 1, c, view)), 0, theme.color(Role::text), Qt::transparent,
                      1.5);
    const bool ofRow = view.selected.grid == grid.id && view.selected.stage == m_stage.id && view.selected.column == masterColumn &&
                       view.selected.row < grid.rows;
    if (!ofRow || grid.columns == 0) return;
    const auto [first, last] = m_lines > 1 ? visibleColumns(view, grid.columns) : std::pair{0, grid.columns};
    if (first >= last || std::isnan(grid.at(view.selected.row, first))) return;  // vectors that stand in the master column alone
    QPen pen(theme.color(Role::text), 1, Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(
        rectOf(g, view.selected.row, first, view).united(rectOf(g, view.selected.row, last - 1, view)).adjusted(0.5, 0.5, -0.5, -0.5));
}

std::optional<CellRef> DeskScene::cellAt(const QPointF& point, const View& view) const {
    const int line = m_lines > 1 ? static_cast<int>((point.y() + view.scrollY) / m_lineHeight) : 0;
    if (line < 0 || line >= m_lines) return std::nullopt;
    for (std::size_t g = 0; g < m_boxes.size(); ++g) {
        const Grid& grid = m_stage.grids[g];
        const Box& box = m_boxes[g];
        const double y = point.y() + view.scrollY - line * m_lineHeight - box.rows;
        if (y < -box.fader || y >= box.rowHeight * grid.rows) continue;
        CellRef cell{m_stage.id, grid.id, std::max(0, static_cast<int>(y / box.rowHeight)), 0};
        const double end = columnsEnd(g, view);
        if (point.x() >= end && point.x() < end + m_right && !grid.master.empty()) {
            cell.column = masterColumn;
        } else if (point.x() < m_left) {
            if (point.x() < m_label) return std::nullopt;
            cell.column = leadColumn;
        } else {
            cell.column = static_cast<int>((point.x() - m_left + view.scrollX) / m_column);
            if (m_lines > 1 && cell.column >= m_shown) return std::nullopt;
            cell.column += m_lines > 1 ? line * m_shown : 0;
            if (cell.column >= grid.columns) return std::nullopt;
        }
        if (cell.column < 0 && lineOf(cell.column) != line) return std::nullopt;
        if (std::isnan(grid.at(cell.row, cell.column))) return std::nullopt;
        return cell;
    }
    return std::nullopt;
}

QRectF DeskScene::cellRect(const CellRef& cell, const View& view) const {
    for (std::size_t g = 0; g < m_boxes.size(); ++g)
        if (m_stage.grids[g].id == cell.grid && cell.row < m_stage.grids[g].rows) return rectOf(g, cell.row, cell.column, view);
    return {};
}

}  // namespace lab
