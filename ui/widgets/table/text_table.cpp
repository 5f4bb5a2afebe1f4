#include "ui/widgets/table/text_table.h"

#include <QPainter>
#include <algorithm>
#include <numeric>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int header = 20, fullRow = 22, leastRow = 17;
constexpr int textTableMargin = 8;
constexpr int textTableGap = 10, textTableSample = 28;
constexpr std::size_t spokenRows = 6, usualRows = 8;

double neededWidth(TextSize size, const QString& text, bool bold) {
    return formulaWidth(Theme::instance().font(size, bold), text) + Theme::instance().px(textTableGap);
}

/// By the shares, where each column has what it needs so; else what it needs and its share of what is left, or of all when that is too
/// little.
std::vector<double> dividedWidth(const std::vector<double>& needed, const std::vector<double>& shares, double room) {
    const double all = std::reduce(needed.begin(), needed.end());
    std::vector<double> widths;
    bool fits = true;
    for (std::size_t c = 0; c < shares.size(); ++c) {
        widths.push_back(room * shares[c]);
        fits = fits && needed[c] <= widths[c];
    }
    if (fits) return widths;
    for (std::size_t c = 0; c < shares.size(); ++c) widths[c] = all <= room ? needed[c] + (room - all) * shares[c] : room * needed[c] / all;
    return widths;
}

}  // namespace

TextTable::TextTable(const QString& name, QWidget* parent)
    : StillTable({.header = header, .leastRow = leastRow, .fullRow = fullRow, .formulas = true}, parent), m_name(name) {
    describePicture(this, name);
}

void TextTable::setColumns(std::vector<QString> titles, std::vector<double> shares) {
    m_titles = std::move(titles);
    m_shares = std::move(shares);
    const double whole = std::reduce(m_shares.begin(), m_shares.end());
    for (double& share : m_shares) share /= whole;
    std::vector<TableColumn> columns(m_titles.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
        columns[c].title = m_titles[c];
        columns[c].side = c == 0 ? Qt::AlignLeft : Qt::AlignRight;
        columns[c].cell = [this, c](std::size_t row) { return cellOf(m_rows[row], c); };
    }
    StillTable::setColumns(std::move(columns));
}

TableCell TextTable::cellOf(const Row& row, std::size_t column) const {
    if (column >= row.cells.size()) return {};
    TableCell cell{row.cells[column], verdictRole(row.cells[column]), row.bold};
    cell.bold = cell.bold || cell.ink != Role::text;
    if (column == 0) cell.line = row.sample;
    return cell;
}

void TextTable::setRows(std::vector<Row> rows) {
    m_rows = std::move(rows);
    QStringList spoken;
    for (std::size_t i = 0; i < std::min(m_rows.size(), spokenRows); ++i)
        spoken << QStringList(m_rows[i].cells.begin(), m_rows[i].cells.end()).join(QLatin1Char(' '));
    describePicture(this, m_name, spoken.join(QStringLiteral("; ")));
    setRowCount(static_cast<int>(m_rows.size()));
}

void TextTable::copy(const TextTable& other) {
    setColumns(other.m_titles, other.m_shares);
    setRows(other.m_rows);
}

int TextTable::heightOf(std::size_t rows) const {
    return Theme::instance().px(header + 2) + Theme::instance().px(fullRow) * static_cast<int>(rows);
}

int TextTable::closeHeight(std::size_t rows) const {
    return Theme::instance().px(header) + Theme::instance().px(leastRow) * static_cast<int>(std::min(rows, m_rows.size()));
}

QSize TextTable::sizeHint() const {
    return {Theme::instance().px(340), heightOf(std::clamp<std::size_t>(m_rows.size(), 1, usualRows))};
}

QSize TextTable::minimumSizeHint() const {
    return {Theme::instance().px(200), Theme::instance().px(header + 3 * leastRow)};
}

std::vector<QRectF> TextTable::rooms(const QRectF& line) const {
    std::vector<QRectF> places;
    const double side = Theme::instance().px(textTableMargin), room = line.width() - 2 * side;
    std::vector<double> needed;
    for (std::size_t c = 0; c < m_shares.size(); ++c) {
        needed.push_back(neededWidth(TextSize::caption, m_titles[c], false));
        for (const Row& row : m_rows)
            if (c < row.cells.size())
                needed[c] = std::max(needed[c], neededWidth(TextSize::axis, row.cells[c], true) +
                                                    Theme::instance().px(c == 0 && row.sample ? textTableSample : 0));
    }
    const double gap = Theme::instance().px(textTableGap) / 2.0;
    double left = side;
    for (const double width : dividedWidth(needed, m_shares, room)) {
        places.emplace_back(left, line.top(), std::max(width - gap, 1.0), line.height());
        left += width;
    }
    return places;
}

std::optional<Role> TextTable::groundOf(int row) const {
    return m_rows[static_cast<std::size_t>(row)].chosen ? std::optional(Role::selection) : std::nullopt;
}

void TextTable::paintRest(QPainter& painter, const QRectF& line, int from) const {
    const int side = Theme::instance().px(textTableMargin);
    paintTableCell(painter, line.adjusted(side, 0, -side, 0), {tr("%1 more rows").arg(rowCount() - from), Role::muted}, {Qt::AlignLeft});
}

}  // namespace lab
