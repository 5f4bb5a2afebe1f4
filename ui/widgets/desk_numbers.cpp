// How the desk writes numbers.

#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/desk_scene.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

using explain::Grid;
using explain::GridStyle;
using explain::masterColumn;

QString tenToThe(int exponent) {
    return QStringLiteral("\u00D710^{%1}")
        .arg(QString(exponent < 0 ? QStringLiteral("\u2212") : QString()) + QString::number(std::abs(exponent)));
}

struct NumberForm {
    int exponent = 0;
    int decimals = 2;
};

/// How numbers up to `largest` are written: three digits, by a power of ten beside the label where they are small or large.
NumberForm formOf(double largest) {
    if (largest >= 1e4) return {static_cast<int>(std::floor(std::log10(largest))), 2};
    if (largest >= 100.0) return {0, 0};
    if (largest >= 10.0) return {0, 1};
    if (largest > 0.0 && largest < 0.095) return {static_cast<int>(std::floor(std::log10(largest))), 2};
    return {0, 2};
}

}  // namespace

/// A short title stands among the labels, where the results' header leaves room.
bool DeskScene::besideHeader(const Grid& grid) {
    constexpr qsizetype shortTitle = 20;
    return grid.columnLabels.empty() && grid.rows > 1 && shown(grid.title).size() < shortTitle &&
           !(grid.master.empty() && grid.lead.empty());
}

bool DeskScene::isMatrix(const Grid& grid) {
    return grid.rows > 1;
}

/// The row is what was, or what it becomes.
bool DeskScene::changes(const Grid& grid, int row) {
    return grid.tellsChange && (row == 0 || row == grid.rows - 1);
}

void DeskScene::measureNumbers(const Grid& grid, Box& box) const {
    double all = 0.0, masters = 0.0;
    std::vector<double> ofRow(static_cast<std::size_t>(grid.rows), 0.0);
    for (int r = 0; r < grid.rows; ++r)
        for (int c = 0; c < grid.columns; ++c)
            if (const double size = std::abs(grid.at(r, c)); std::isfinite(size))
                ofRow[static_cast<std::size_t>(r)] = std::max(ofRow[static_cast<std::size_t>(r)], size);
    for (const double size : ofRow) all = std::max(all, size);
    for (const auto* extra : {&grid.master, &grid.lead})
        for (const double value : *extra)
            if (std::isfinite(value)) masters = std::max(masters, std::abs(value));
    box.largest = grid.largest > 0.0 ? grid.largest : std::max(all, noSize);
    box.largestMaster = std::max(masters, noSize);
    for (const double size : ofRow) box.rowLargest.push_back(grid.rowScales ? std::max(size, noSize) : box.largest);
    const bool share = grid.style == GridStyle::faders || grid.style == GridStyle::weights;
    const bool plain = grid.style == GridStyle::plain, own = plain || grid.rowScales;  // rows of different quantities
    const NumberForm results = grid.rowScales ? NumberForm{} : formOf(masters);
    box.masterExponent = results.exponent;
    box.masterDecimals = share ? 3 : results.decimals;
    if (grid.tellsChange) ofRow.front() = ofRow.back() = std::max(ofRow.front(), ofRow.back());
    for (const double size : ofRow) {
        NumberForm form = share ? NumberForm{0, 3} : formOf(own ? size : all);
        if (plain && form.exponent == 0 && form.decimals == 2 && size <= 1.0) form.decimals = 3;
        box.exponents.push_back(form.exponent);
        box.bare.push_back(form.decimals == 3 && grid.style != GridStyle::values);
        box.decimals.push_back(form.decimals);
    }
    if (grid.tellsChange) tellApart(grid, box);
}

void DeskScene::tellApart(const Grid& grid, Box& box) const {
    const double scale = std::pow(10.0, -box.exponents.front());
    for (int c = 0; c < grid.columns; ++c) {
        const double before = grid.at(0, c) * scale, after = grid.at(grid.rows - 1, c) * scale;
        int decimals = box.decimals.front();
        while (decimals < explain::mostDigitsApart && fixed(before, decimals) == fixed(after, decimals)) ++decimals;
        box.apart.push_back(fixed(before, decimals) == fixed(after, decimals) ? 0 : decimals);
    }
}

QString DeskScene::numberText(const Grid& grid, const Box& box, int row, int column, double value) const {
    if (std::isnan(value)) return {};
    if (grid.style == GridStyle::marks && column >= 0) return std::isinf(value) ? QStringLiteral("\u2013") : QString();
    if (std::isinf(value)) return value < 0.0 ? QStringLiteral("\u2212\u221E") : QStringLiteral("\u221E");
    if (column == masterColumn && grid.rowScales) return withShownPoint(QString::fromStdString(explain::shownNumber(value, 2)));
    const auto at = static_cast<std::size_t>(row);
    int decimals = column < 0 ? box.masterDecimals : box.decimals[at];
    if (column >= 0 && changes(grid, row)) decimals = std::max(decimals, box.apart[static_cast<std::size_t>(column)]);
    QString text = fixed(value * std::pow(10.0, column < 0 ? -box.masterExponent : -box.exponents[at]), decimals);
    if (column >= 0 && box.bare[at]) {
        const QString zero = QLatin1Char('0') + QString(decimalPoint());
        if (text.startsWith(zero)) text.remove(0, 1);
        if (text.startsWith(QChar(0x2212) + zero)) text.remove(1, 1);
    }
    return text;
}

QString DeskScene::rowLabel(const Grid& grid, const Box& box, int row) const {
    const auto at = static_cast<std::size_t>(row);
    QString label = shown(grid.rowLabels[at]);
    // Of a matrix the title says it for all rows; without a title the first row does.
    const bool once =
        grid.style != GridStyle::plain && !grid.rowScales && grid.rows > 1 && (row > 0 || !grid.title.empty() || besideHeader(grid));
    if (box.exponents[at] != 0 && !once) label += QLatin1Char(' ') + tenToThe(box.exponents[at]);
    return label;
}

QString DeskScene::titleText(const Grid& grid, const Box& box) const {
    const bool marked = grid.style != GridStyle::plain && !grid.rowScales && grid.rows > 1 && box.exponents.front() != 0;
    return marked ? shown(grid.title) + QLatin1Char(' ') + tenToThe(box.exponents.front()) : shown(grid.title);
}

QString DeskScene::bandResult(const Grid& grid, const Box& box) const {
    const double value = grid.at(0, masterColumn);
    const QString number = box.masterExponent == 0 ? numberText(grid, box, 0, masterColumn, value)
                                                   : withShownPoint(QString::fromStdString(explain::shownNumber(value, 2)));
    return shown(grid.masterLabel) + QLatin1Char(' ') + number;
}

QString DeskScene::resultLabel(const explain::Words& label, const Box& box) const {
    return box.masterExponent == 0 ? shown(label) : shown(label) + QLatin1Char(' ') + tenToThe(box.masterExponent);
}

QString DeskScene::labelText(std::size_t grid, int row) const {
    return rowLabel(m_stage.grids[grid], m_boxes[grid], row);
}

QString DeskScene::cellText(std::size_t grid, int row, int column) const {
    return numberText(m_stage.grids[grid], m_boxes[grid], row, column, m_stage.grids[grid].at(row, column));
}

int DeskScene::cellExponent(std::size_t grid, int row, int column) const {
    const Box& box = m_boxes[grid];
    return column < 0 ? box.masterExponent : box.exponents[static_cast<std::size_t>(row)];
}

int DeskScene::stayingCharacters(std::size_t g, int row, int column) const {
    const Grid& grid = m_stage.grids[g];
    if (column < 0 || !changes(grid, row)) return -1;
    const QString text = cellText(g, row, column), other = cellText(g, row == 0 ? grid.rows - 1 : 0, column);
    qsizetype same = 0;
    while (same < text.size() && same < other.size() && text[same] == other[same]) ++same;
    return same < text.size() ? static_cast<int>(same) : -1;
}

}  // namespace lab
