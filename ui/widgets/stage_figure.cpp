#include "ui/widgets/stage_figure.h"

#include <algorithm>
#include <cmath>

#include "core/explain/markdown.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

using explain::Grid;
using explain::leadColumn;
using explain::masterColumn;

// Logical px at 100 %.
constexpr double formulaHeight = 28, expressionHeight = 26;
constexpr std::size_t mostTerms = 4;
constexpr int digits = 4;

std::string columnName(const Grid& grid, const std::vector<std::string>& labels, int column) {
    if (column == leadColumn) return explain::plainText(shown(grid.leadLabel).toStdString());
    if (column == masterColumn) return explain::plainText(shown(grid.masterLabel).toStdString());
    const auto at = static_cast<std::size_t>(column);
    return at < labels.size() ? labels[at] : std::to_string(column);
}

}  // namespace

StageFigure::StageFigure(explain::Stage stage, const explain::CellRef& cell) : m_stage(std::move(stage)), m_cell(cell) {
    title = plainFormula(shown(m_stage.heading));
    caption = plainFormula(shown(m_stage.text));
    for (const explain::Words& note : m_stage.notes) caption += QLatin1Char(' ') + plainFormula(shown(note));
}

DeskScene StageFigure::scene() const {
    DeskScene scene;
    scene.setStage(m_stage, 0.0);
    return scene;
}

DeskScene::View StageFigure::viewOf(const DeskScene& scene) const {
    DeskScene::View view;
    view.width = scene.leftWidth() + scene.columnsWidth() + scene.rightWidth();
    view.visibleHeight = scene.height();
    view.selected = m_cell;
    return view;
}

QString StageFigure::expression() const {
    const explain::ExpressionText text =
        explain::expressionText(m_stage.find(m_cell.grid)->explain(m_cell.row, m_cell.column), mostTerms, digits);
    return shown(text.left) + QStringLiteral(" = ") + withShownPoint(qt(text.result));
}

QSizeF StageFigure::bodySize(double) const {
    const Theme& theme = Theme::instance();
    const DeskScene desk = scene();
    const double wide = std::max({viewOf(desk).width, formulaWidth(theme.font(TextSize::meter, true), shown(m_stage.formula)),
                                  formulaWidth(theme.font(TextSize::token), expression()), 420.0});
    return {wide + 4, formulaHeight + expressionHeight + desk.height() + desk.legendHeight()};
}

void StageFigure::paintBody(QPainter& painter, double width) const {
    const Theme& theme = Theme::instance();
    const double wide = bodySize(width).width();
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(TextSize::meter, true));
    drawFormula(painter, QRectF(0, 0, wide, formulaHeight), Qt::AlignLeft, shown(m_stage.formula));
    painter.setFont(theme.font(TextSize::token));
    drawFormula(painter, QRectF(0, formulaHeight, wide, expressionHeight), Qt::AlignLeft, expression());
    const DeskScene desk = scene();
    painter.translate(0, formulaHeight + expressionHeight);
    desk.paint(painter, viewOf(desk));
    desk.paintLegend(painter, QRectF(0, desk.height(), std::max(viewOf(desk).width, 420.0), desk.legendHeight()), viewOf(desk));
}

FigureTable StageFigure::table() const {
    FigureTable result{{"grid", "row", "column", "token", "value"}, {}};
    std::vector<std::string> labels, tokens;
    for (const Grid& grid : m_stage.grids) {
        if (!grid.columnLabels.empty()) labels = grid.columnLabels, tokens = grid.columnTokens;
        for (int r = 0; r < grid.rows; ++r)
            for (int c = leadColumn; c < grid.columns; ++c) {
                const double value = grid.at(r, c);
                if (std::isnan(value)) continue;
                const auto row = static_cast<std::size_t>(r), at = static_cast<std::size_t>(std::max(c, 0));
                result.rows.push_back(
                    {grid.id,
                     row < grid.rowLabels.size() ? explain::plainText(shown(grid.rowLabels[row]).toStdString()) : std::to_string(r),
                     columnName(grid, labels, c), c >= 0 && at < tokens.size() ? tokens[at] : "",
                     std::isinf(value) ? "-inf" : QString::number(value, 'g', 9).toStdString()});
            }
    }
    return result;
}

}  // namespace lab
