#include "ui/widgets/sample_figure.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px.
constexpr double headHeight = 20, sampleFigureLineHeight = 20, sampleFigureCellHeight = 18;
constexpr double widestLine = 820, narrowestCell = 22, leastLabel = 56, countWidth = 56, sampleFigureGap = 12, sampleFigureLeastBody = 360;

struct SampleFigureWords {
    Q_DECLARE_TR_FUNCTIONS(SampleFigure)
};

}  // namespace

SampleFigure::Measures SampleFigure::measures(double width) const {
    const QFont bold = Theme::instance().font(TextSize::text, true);
    Measures m{leastLabel, narrowestCell, 1, 1};
    int most = 1;
    for (const SampleTable::Row& row : rows) {
        m.label = std::max<double>(m.label, textWidth(bold, row.label));
        most = std::max(most, static_cast<int>(row.cells.size()));
        for (const SampleTable::Cell& cell : row.cells) m.cell = std::max<double>(m.cell, textWidth(bold, cell.text) + 8);
    }
    m.perLine = std::clamp(static_cast<int>((width > 0 ? width - m.label - sampleFigureGap - countWidth : widestLine) / m.cell), 1, most);
    m.lines = (most + m.perLine - 1) / m.perLine;
    return m;
}

QSizeF SampleFigure::bodySize(double width) const {
    const Measures m = measures(width);
    const auto shown = std::max<double>(static_cast<double>(rows.size()), leastRows);
    const double wide = m.label + sampleFigureGap + m.perLine * m.cell + countWidth;
    return {width > 0 ? wide : std::max(wide, sampleFigureLeastBody), headHeight + shown * m.lines * sampleFigureLineHeight};
}

void SampleFigure::paintBody(QPainter& painter, double width) const {
    const Measures m = measures(width);
    paintTableTitle(painter, QRectF(0, 0, m.label, headHeight), labels, {}, false);
    const double end = m.label + sampleFigureGap + m.perLine * m.cell;
    paintTableTitle(painter, QRectF(end, 0, countWidth, headHeight), SampleFigureWords::tr("right"), {}, false);
    painter.fillRect(QRectF(0, headHeight - 1, end + countWidth, 1), Theme::instance().color(Role::hairline));
    double top = headHeight;
    for (const SampleTable::Row& row : rows) {
        paintRow(painter, row, m, top);
        top += m.lines * sampleFigureLineHeight;
    }
}

void SampleFigure::paintRow(QPainter& painter, const SampleTable::Row& row, const Measures& m, double top) const {
    const CellLook look{Qt::AlignRight, TextSize::text};
    paintTableCell(painter, QRectF(0, top, m.label, sampleFigureLineHeight), SampleTable::labelCell(row), look);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto line = static_cast<int>(i) / m.perLine, column = static_cast<int>(i) % m.perLine;
        const QRectF place(m.label + sampleFigureGap + column * m.cell,
                           top + line * sampleFigureLineHeight + (sampleFigureLineHeight - sampleFigureCellHeight) / 2, m.cell - 1,
                           sampleFigureCellHeight);
        paintCell(painter, place, row.cells[i]);
    }
    const double end = m.label + sampleFigureGap + m.perLine * m.cell;
    paintTableCell(painter, QRectF(end, top, countWidth, sampleFigureLineHeight), SampleTable::countCell(row, true), look);
}

/// The stroke is a line of its own: Qt's SVG files know no text that is struck out.
void SampleFigure::paintCell(QPainter& painter, const QRectF& place, const SampleTable::Cell& cell) const {
    const Theme& theme = Theme::instance();
    const QColor ink = theme.color(cell.wrong ? Role::wrong : cell.other ? Role::muted : Role::text);
    if (cell.wrong) painter.fillRect(place, theme.color(Role::wrongBackground));
    const QFont font = theme.font(TextSize::text, cell.wrong);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(place, Qt::AlignCenter, cell.text);
    if (!cell.wrong) return;
    const double wide = textWidth(font, cell.text) + 4, y = place.center().y() + 0.5;
    painter.setPen(QPen(ink, 1));
    painter.drawLine(QPointF(place.center().x() - wide / 2, y), QPointF(place.center().x() + wide / 2, y));
}

}  // namespace lab
