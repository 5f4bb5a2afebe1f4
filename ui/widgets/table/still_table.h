#pragma once

#include <QWidget>
#include <algorithm>

#include "ui/widgets/table/table_column.h"

namespace lab {

/// A table that fits the room it is given instead of scrolling: its rows shrink, and what does not fit is told in the last line. A picture
/// to screen readers, with its rows as its value.
class StillTable : public QWidget {
    Q_OBJECT

public:
    enum class Overflow { told, scrolled, cut };  ///< rows without room: in a last line; reached by setFirst; never, the owner makes room

    /// Logical px at 100 %.
    struct Look {
        int header = 20;  ///< 0: no titles
        int leastRow = 18, fullRow = 18;
        int foot = 0;  ///< left free below the rows
        Overflow overflow = Overflow::told;
        TextSize size = TextSize::axis;
        bool formulas = false;
        Role headerGround = Role::screen;
    };

    QRect rowRect(int row) const;

protected:
    explicit StillTable(const Look& look, QWidget* parent = nullptr);

    void setColumns(std::vector<TableColumn> columns);
    const std::vector<TableColumn>& columns() const { return m_columns; }
    /// So many rows; with `more`, the last line tells of something even where all fit.
    void setRowCount(int count, bool more = false);
    int rowCount() const { return m_count; }
    int rowHeight() const;
    int fittingRows() const;
    int headerHeight() const;
    int first() const { return m_first; }
    void setFirst(int row);  ///< as far as rows go
    int lastFirst() const { return std::max(0, m_count - fittingRows()); }
    /// -1: none.
    int rowAt(const QPoint& position) const;

    void paintEvent(QPaintEvent* event) override;
    /// Where the columns' texts stand in a line of the table; empty ones are left out.
    virtual std::vector<QRectF> rooms(const QRectF& line) const = 0;
    virtual std::vector<QRectF> titleRooms(const QRectF& line) const { return rooms(line); }
    virtual std::optional<Role> groundOf(int) const { return std::nullopt; }
    virtual void paintOver(QPainter&, const QRect&, int) const {}
    /// The last line, behind `from` rows.
    virtual void paintRest(QPainter&, const QRectF&, int) const {}

private:
    void paintTitles(QPainter& painter) const;
    void paintRow(QPainter& painter, int row) const;

    Look m_look;
    std::vector<TableColumn> m_columns;
    int m_count = 0, m_first = 0;
    bool m_more = false;
};

}  // namespace lab
