#pragma once

#include <QString>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/widgets/figure.h"
#include "ui/widgets/theme.h"

class QPainter;

// A table is its columns: each knows what it is called and what it says of a row. Whoever owns the rows numbers them; what sorts and
// filters only chooses which of these numbers stand where.

namespace lab {

/// What stands in a cell.
struct TableCell {
    QString text;
    Role ink = Role::text;
    bool bold = false;
    std::optional<double> bar{};  ///< 0 .. 1: so much of a track is filled; not a number: the track alone
    QString before{}, behind{};   ///< muted, beside the text
    std::optional<Role> line{};   ///< of the curve that this row speaks of
};

struct TableColumn {
    std::string id;  ///< its name in a file; empty: it stands in none
    QString title;
    QString help{};
    Qt::Alignment side = Qt::AlignRight;
    bool upwards = false;  ///< sorts from the least up at first
    bool strong = false;   ///< its title stands out
    std::function<TableCell(std::size_t row)> cell{};
    std::function<double(std::size_t row)> number{};        ///< to sort by; not a number: at the end either way. Without: by the text
    std::function<std::string(std::size_t row)> written{};  ///< in a file; without: the number in full, words as they are
    std::function<QString(std::size_t row)> spoken{};       ///< to screen readers; without: the text
    std::function<QString(std::size_t row)> toolTip{};
    std::function<void(QPainter&, const QRectF& room, std::size_t row)> paint{};  ///< what no text says
    QString widest{};                                                             ///< of its texts: makes room for them
    double bar = 0;                                                               ///< width of its tracks in logical px at 100 %
};

/// How a table draws its cells.
struct CellLook {
    Qt::Alignment side = Qt::AlignRight;
    TextSize size = TextSize::axis;
    int bar = 0;            ///< px
    bool formulas = false;  ///< texts have marks (formula_text.h)
};

void paintTableCell(QPainter& painter, QRectF room, const TableCell& cell, const CellLook& look);
void paintTableBar(QPainter& painter, const QRectF& track, double share);
void paintTableTitle(QPainter& painter, const QRectF& room, const QString& title, const CellLook& look, bool strong);
/// What a cell's bar and the gap before it take.
int barRoom(int bar);

/// These rows of the columns that have a name, as a file takes them.
FigureTable tableNumbers(const std::vector<TableColumn>& columns, const std::vector<std::size_t>& rows);

/// "–", where there is no number.
TableCell noNumber();

}  // namespace lab
