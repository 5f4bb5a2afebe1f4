#include "ui/widgets/matrix_scene.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

using explain::CellRef;
using explain::Grid;

// Logical px at 100 %.
constexpr int matrixLabel = 96;
constexpr int matrixEdge = 12;
constexpr int matrixTitle = 18;
constexpr int matrixResult = 18;
constexpr int matrixNumber = 74;
constexpr int matrixSpace = 10;
constexpr int leastBars = 34;
constexpr int matrixSceneLeastMap = 60;
constexpr int mostCell = 14;
constexpr double shareOfMap = 0.36;

double largestOf(const std::vector<double>& values) {
    double largest = 0.0;
    for (const double value : values)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    return std::max(largest, 1e-30);
}

QColor balanceColor(double share) {
    return QColor::fromRgb(ColorMap::themed(ColorMap::Kind::balance).color(0.5 + 0.475 * std::clamp(share, -1.0, 1.0)));
}

QColor signColor(double value) {
    return balanceColor(value < 0.0 ? -0.8 : 0.8);
}

QString sayNumber(double value) {
    return withShownPoint(QString::fromStdString(explain::shownNumber(value, 3)));
}

}  // namespace

void MatrixScene::setStage(const explain::Stage& stage, const CellRef& cell) {
    m_stage = stage;
    m_matrices.clear();
    for (std::size_t g = 0; g < stage.grids.size(); ++g)
        if (stage.grids[g].matrix && stage.grids[g].rows > 0) m_matrices.push_back(g);
    if (empty()) return;
    m_summed = explain::summedCell(m_stage, cell);
    for (std::size_t m = 0; m < m_matrices.size(); ++m)
        if (grid(m).id == m_summed.grid) m_inHand = m;
    m_slot = rowsAreSums(m_inHand) ? cell.column : -1;
    m_expression = grid(m_inHand).explain(m_summed.row, m_summed.column);
    m_fall = explain::waterfallOf(m_expression);
}

QString MatrixScene::result() const {
    const explain::ExpressionText text = explain::expressionText(m_expression, 3);
    return plainFormula(shown(text.left) + QStringLiteral(" = ") + withShownPoint(QString::fromStdString(text.result)));
}

double MatrixScene::leastHeight() const {
    return Theme::instance().px(matrixTitle + matrixSceneLeastMap + 5 * matrixSpace + 4 * leastBars + 2 * matrixEdge);
}

/// All matrices beside one another, as wide as their columns ask for; below them the bars, as wide as all.
MatrixScene::Areas MatrixScene::areas(const QRectF& place) const {
    const Theme& theme = Theme::instance();
    Areas areas;
    const double left = place.left() + theme.px(matrixLabel), right = place.right() - theme.px(matrixEdge + matrixNumber);
    const double space = theme.px(matrixSpace), top = place.top() + theme.px(matrixEdge + matrixTitle);
    const double high = std::max<double>(place.height() - theme.px(2 * matrixEdge + matrixTitle) - 4 * space, theme.px(4 * leastBars));
    constexpr double mostApart = 0.08;  // of the width
    const double apart = std::min<double>(theme.px(matrixSpace + 2 * matrixResult), mostApart * (right - left));
    const double mapHigh = std::min(high * shareOfMap, high - theme.px(4 * leastBars));
    double columns = 0.0, rows = 1.0;
    for (std::size_t m = 0; m < m_matrices.size(); ++m) columns += grid(m).columns, rows = std::max<double>(rows, grid(m).rows);
    const double each = std::max((right - left - apart * static_cast<double>(m_matrices.size() - 1)) / std::max(columns, 1.0), 0.1);
    const double cellHigh = std::min<double>(std::max(mapHigh, 1.0) / rows, theme.px(mostCell));
    double x = left, bottom = top;
    for (std::size_t m = 0; m < m_matrices.size(); ++m) {
        areas.maps.emplace_back(x, top, each * grid(m).columns, cellHigh * grid(m).rows);
        bottom = std::max(bottom, areas.maps.back().bottom());
        if (m == m_inHand && rowsAreSums(m))
            areas.results =
                QRectF(areas.maps.back().right() + theme.px(4), top,
                       std::min<double>(theme.px(matrixResult), std::max(apart - theme.px(8), 4.0)), areas.maps.back().height());
        x = areas.maps.back().right() + apart;
    }
    const bool factors = !m_fall.left.empty();
    const double room = place.bottom() - theme.px(matrixEdge) - bottom - 4 * space, bar = std::max(room / (factors ? 4.6 : 2.6), 4.0);
    double y = bottom + 1.5 * space;
    for (QRectF* area : {&areas.left, &areas.right, &areas.products}) {
        if (area != &areas.products && !factors) continue;
        *area = QRectF(left, y, right - left, bar);
        y += bar + space;
    }
    areas.sums = QRectF(left, y, right - left, std::max(place.bottom() - theme.px(matrixEdge) - y, 4.0));
    return areas;
}

void MatrixScene::paint(QPainter& painter, const QRectF& place) const {
    if (empty()) return;
    const Areas parts = areas(place);
    for (std::size_t m = 0; m < m_matrices.size(); ++m) paintMap(painter, m, parts);
    if (m_fall.empty()) {
        painter.setFont(Theme::instance().font(TextSize::text));
        painter.setPen(Theme::instance().color(Role::muted));
        drawFormulaLines(
            painter, parts.products.united(parts.sums),
            wrappedFormula(painter.font(), shown(m_expression.name) + QStringLiteral(": ") + shown(m_expression.note), parts.sums.width()));
        return;
    }
    const bool factors = !m_fall.left.empty();
    if (factors) paintBars(painter, parts.left, m_fall.left, shown(m_fall.leftName));
    if (factors) paintBars(painter, parts.right, m_fall.right, shown(m_fall.rightName));
    paintBars(painter, parts.products, m_fall.products, factors ? QObject::tr("products") : QObject::tr("terms"));
    paintSums(painter, parts.sums);
}

void MatrixScene::paintLabel(QPainter& painter, const QRectF& area, const QString& text) const {
    const Theme& theme = Theme::instance();
    const double right = area.left() - theme.px(8), wide = theme.px(matrixLabel - 12);
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    drawFormula(painter, QRectF(right - wide, area.top(), wide, area.height()), Qt::AlignRight, elidedFormula(painter.font(), text, wide));
}

void MatrixScene::paintMap(QPainter& painter, std::size_t m, const Areas& parts) const {
    const Theme& theme = Theme::instance();
    const Grid& of = grid(m);
    const QRectF& map = parts.maps[m];
    const bool inHand = m == m_inHand;
    painter.setFont(theme.font(TextSize::axis, inHand && m_matrices.size() > 1));
    painter.setPen(theme.color(inHand ? Role::text : Role::muted));
    const bool named = rowsAreSums(m) && !m_fall.rightName.empty();
    const explain::Words itself = named ? m_fall.rightName : explain::withoutIndex(m_expression.name);
    const QString title = shown(of.title.empty() ? itself : of.title);
    drawFormula(painter, QRectF(map.left(), map.top() - theme.px(matrixTitle + 2), map.width(), theme.px(matrixTitle)), Qt::AlignLeft,
                elidedFormula(painter.font(), title, map.width()));
    const double largest = largestOf(of.values), wide = map.width() / of.columns, high = map.height() / of.rows;
    for (int r = 0; r < of.rows; ++r)
        for (int c = 0; c < of.columns; ++c)
            if (const double value = of.at(r, c); std::isfinite(value))
                painter.fillRect(QRectF(map.left() + c * wide, map.top() + r * high, wide, high), balanceColor(value / largest));
    drawFrame(painter, map, 0, theme.color(inHand ? Role::text : Role::controlBorder));
    if (!inHand) return;
    if (parts.results.isNull()) {
        painter.setPen(theme.color(Role::muted));
        drawFrame(painter, QRectF(map.left() + m_summed.column * wide, map.top() + m_summed.row * high, wide, high).adjusted(-1, -1, 1, 1),
                  0, theme.color(Role::fillBorder), Qt::transparent, 2.0);
        paintLabel(painter, map, shown(of.rowLabels.empty() ? explain::Words() : of.rowLabels[static_cast<std::size_t>(m_summed.row)]));
        return;
    }
    const double most = largestOf(of.master);
    for (int r = 0; r < of.rows; ++r)
        if (std::isfinite(of.at(r, explain::masterColumn)))
            painter.fillRect(QRectF(parts.results.left(), map.top() + r * high, parts.results.width(), high),
                             balanceColor(of.at(r, explain::masterColumn) / most));
    drawFrame(painter, parts.results, 0, theme.color(Role::controlBorder));
    const QRectF row(map.left(), map.top() + m_summed.row * high, parts.results.right() - map.left(), high);
    drawFrame(painter, row.adjusted(-2, -1, 2, 1), 0, theme.color(Role::fillBorder), Qt::transparent, 2.0);
    const double least = QFontMetricsF(theme.font(TextSize::axis)).height();
    const QRectF beside(row.left(), row.center().y() - least / 2, row.width(), least);
    paintLabel(painter, beside,
               static_cast<std::size_t>(m_summed.row) < of.rowLabels.size() ? shown(of.rowLabels[static_cast<std::size_t>(m_summed.row)])
                                                                            : QString::number(m_summed.row));
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    if (m + 1 == m_matrices.size())
        drawFormula(painter,
                    QRectF(parts.results.right() + theme.px(6), map.top() - theme.px(matrixTitle + 2), theme.px(matrixNumber),
                           theme.px(matrixTitle)),
                    Qt::AlignLeft, shown(of.masterLabel));
}

/// Upwards blue, downwards red, from a line at zero.
void MatrixScene::paintBars(QPainter& painter, const QRectF& area, const std::vector<double>& values, const QString& name) const {
    const Theme& theme = Theme::instance();
    paintLabel(painter, area, name);
    const double largest = largestOf(values), each = area.width() / static_cast<double>(values.size()), middle = area.center().y();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double size = values[i] / largest * area.height() / 2.0;
        const QRectF bar(area.left() + each * static_cast<double>(i), size < 0.0 ? middle : middle - size, each, std::abs(size));
        painter.fillRect(bar.adjusted(std::min(each * 0.12, 1.0), 0, -std::min(each * 0.12, 1.0), 0), signColor(values[i]));
    }
    drawHairline(painter, QPointF(area.left(), middle), QPointF(area.right(), middle), theme.color(Role::controlBorder));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(area.right() + theme.px(6), area.top(), theme.px(matrixNumber), area.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("\u00B1") + sayNumber(largest));
    if (m_slot >= 0 && static_cast<std::size_t>(m_slot) < values.size())
        drawFrame(painter, QRectF(area.left() + each * m_slot, area.top(), each, area.height()).adjusted(-1, -1, 1, 1), 0,
                  theme.color(Role::fillBorder), Qt::transparent, 1.5);
}

/// Each product a step from where the sum stood to where it stands then.
void MatrixScene::paintSums(QPainter& painter, const QRectF& area) const {
    const Theme& theme = Theme::instance();
    paintLabel(painter, area, m_fall.start == 0.0 ? QObject::tr("sum so far") : QObject::tr("b + sum"));
    double low = std::min(0.0, m_fall.start), high = std::max(0.0, m_fall.start);
    for (const double sum : m_fall.sums) low = std::min(low, sum), high = std::max(high, sum);
    const double range = std::max(high - low, 1e-30), each = area.width() / static_cast<double>(m_fall.sums.size());
    const auto y = [&](double value) { return area.bottom() - (value - low) / range * area.height(); };
    double before = m_fall.start;
    for (std::size_t i = 0; i < m_fall.sums.size(); ++i) {
        const double now = m_fall.sums[i], x = area.left() + each * static_cast<double>(i);
        painter.fillRect(QRectF(x, std::min(y(before), y(now)), each, std::max(std::abs(y(now) - y(before)), 1.0)),
                         signColor(now - before));
        before = now;
    }
    drawHairline(painter, QPointF(area.left(), y(0.0)), QPointF(area.right(), y(0.0)), theme.color(Role::controlBorder));
    const double end = y(m_fall.result());
    painter.setPen(QPen(theme.color(Role::text), 1.5));
    painter.drawLine(QPointF(area.right() - each, end), QPointF(area.right() + theme.px(5), end));
    painter.setFont(theme.font(TextSize::axis, true));
    const double line = QFontMetricsF(painter.font()).height();
    const QRectF number(area.right() + theme.px(8), std::clamp(end - line / 2, area.top() - 2, area.bottom() - line + 2),
                        theme.px(matrixNumber - 8), line);
    if (m_blank) return drawFrame(painter, number, 0, theme.color(Role::text), theme.color(Role::screen));
    painter.drawText(number.adjusted(0, 0, theme.px(12), 0), Qt::AlignLeft | Qt::AlignVCenter, sayNumber(m_fall.result()));
}

std::optional<std::size_t> MatrixScene::productAt(const QPointF& point, const QRectF& place) const {
    if (empty() || m_fall.empty()) return std::nullopt;
    const Areas parts = areas(place);
    const QRectF all = parts.products.united(parts.sums).united(m_fall.left.empty() ? parts.products : parts.left);
    if (!all.contains(point)) return std::nullopt;
    const auto count = static_cast<double>(m_fall.products.size());
    return static_cast<std::size_t>(std::clamp(std::floor((point.x() - all.left()) / all.width() * count), 0.0, count - 1.0));
}

std::optional<CellRef> MatrixScene::cellAt(const QPointF& point, const QRectF& place) const {
    if (empty()) return std::nullopt;
    const Areas parts = areas(place);
    for (std::size_t m = 0; m < m_matrices.size(); ++m) {
        const Grid& of = grid(m);
        QRectF map = parts.maps[m];
        const bool result = m == m_inHand && parts.results.contains(point);
        if (!result && !map.contains(point)) continue;
        const int row = std::clamp(static_cast<int>((point.y() - map.top()) / map.height() * of.rows), 0, of.rows - 1);
        const int column = std::clamp(static_cast<int>((point.x() - map.left()) / map.width() * of.columns), 0, of.columns - 1);
        return CellRef{m_stage.id, of.id, row, result ? explain::masterColumn : column};
    }
    const auto product = productAt(point, place);
    if (!product || !rowsAreSums(m_inHand) || static_cast<int>(m_fall.products.size()) != grid(m_inHand).columns) return std::nullopt;
    return CellRef{m_stage.id, grid(m_inHand).id, m_summed.row, static_cast<int>(*product)};
}

QString MatrixScene::productText(std::size_t product) const {
    const explain::Term& term = m_expression.terms[m_fall.terms[product]];
    QStringList factors;
    for (const explain::Operand& factor : term.factors) factors << shown(factor.name) + QLatin1Char(' ') + sayNumber(factor.value);
    const QString value = factors.size() > 1 ? QStringLiteral(" = ") + sayNumber(term.value()) : QString();
    return plainFormula((term.minus ? QStringLiteral("\u2212 ") : QString()) + factors.join(QStringLiteral(" \u00B7 ")) + value +
                        QLatin1Char('\n') + QObject::tr("sum so far %1").arg(sayNumber(m_fall.sums[product])));
}

CellRef MatrixScene::moved(int matrices, int rows) const {
    CellRef cell = m_summed;
    const auto last = static_cast<int>(m_matrices.size()) - 1;
    const auto to = static_cast<std::size_t>(std::clamp(static_cast<int>(m_inHand) + matrices, 0, last));
    cell.grid = grid(to).id;
    cell.row = std::clamp(cell.row + rows, 0, grid(to).rows - 1);
    if (!rowsAreSums(to)) cell.column = std::clamp(m_summed.column + (to == m_inHand ? 0 : matrices), 0, grid(to).columns - 1);
    return cell;
}

}  // namespace lab
