#include "ui/widgets/table/still_table.h"

#include <QPainter>

#include "ui/widgets/paint.h"

namespace lab {

StillTable::StillTable(const Look& look, QWidget* parent) : QWidget(parent), m_look(look) {}

void StillTable::setColumns(std::vector<TableColumn> columns) {
    m_columns = std::move(columns);
    update();
}

void StillTable::setRowCount(int count, bool more) {
    if (count != m_count) updateGeometry();
    m_count = count;
    m_more = more;
    setFirst(m_first);
}

void StillTable::setFirst(int row) {
    m_first = m_look.overflow == Overflow::scrolled ? std::clamp(row, 0, lastFirst()) : 0;
    update();
}

int StillTable::headerHeight() const {
    return Theme::instance().px(m_look.header);
}

/// Less than usual where that makes every row fit.
int StillTable::rowHeight() const {
    const Theme& theme = Theme::instance();
    const int least = theme.px(m_look.leastRow), full = theme.px(m_look.fullRow);
    const int room = (height() - headerHeight()) / std::max(m_count, 1);
    return room >= least ? std::min(room, full) : m_look.overflow == Overflow::scrolled ? least : full;
}

int StillTable::fittingRows() const {
    return std::max(0, (height() - headerHeight() - Theme::instance().px(m_look.foot)) / std::max(rowHeight(), 1));
}

QRect StillTable::rowRect(int row) const {
    return {0, headerHeight() + (row - m_first) * rowHeight(), width(), rowHeight()};
}

int StillTable::rowAt(const QPoint& position) const {
    const int row = m_first + (position.y() - headerHeight()) / std::max(rowHeight(), 1);
    return position.y() >= headerHeight() && row < m_count ? row : -1;
}

void StillTable::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    if (m_look.header > 0) paintTitles(painter);
    const int fitting = fittingRows();
    if (m_look.overflow != Overflow::told) {
        const int end = m_look.overflow == Overflow::cut ? m_count : std::min(m_count, m_first + std::max(fitting, 1));
        for (int row = m_first; row < end; ++row) paintRow(painter, row);
        return;
    }
    const bool all = m_count <= fitting && !m_more;
    const int shown = all ? m_count : std::min(m_count, std::max(fitting - 1, 0));
    for (int row = 0; row < shown; ++row) paintRow(painter, row);
    if (!all) paintRest(painter, rowRect(shown), shown);
}

void StillTable::paintTitles(QPainter& painter) const {
    const QRectF line(0, 0, width(), headerHeight());
    painter.fillRect(line, Theme::instance().color(m_look.headerGround));
    const std::vector<QRectF> places = titleRooms(line);
    for (std::size_t c = 0; c < m_columns.size(); ++c)
        if (!places[c].isEmpty())
            paintTableTitle(painter, places[c], m_columns[c].title, {m_columns[c].side, m_look.size, 0, m_look.formulas},
                            m_columns[c].strong);
    drawHairline(painter, QPointF(0, line.height() - 1), QPointF(width(), line.height() - 1), Theme::instance().color(Role::hairline));
}

void StillTable::paintRow(QPainter& painter, int row) const {
    const QRect line = rowRect(row);
    if (const auto ground = groundOf(row)) painter.fillRect(line, Theme::instance().color(*ground));
    const std::vector<QRectF> places = rooms(line);
    const auto index = static_cast<std::size_t>(row);
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        if (places[c].isEmpty()) continue;
        const TableColumn& column = m_columns[c];
        if (column.paint)
            column.paint(painter, places[c], index);
        else
            paintTableCell(painter, places[c], column.cell(index),
                           {column.side, m_look.size, Theme::instance().px(column.bar), m_look.formulas});
    }
    paintOver(painter, line, row);
}

}  // namespace lab
