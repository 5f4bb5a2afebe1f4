#include "ui/pages/explain/shape_picture.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

using explain::ShapeMatrix;

// Logical px at 100 %.
constexpr int shapePictureMargin = 10;
constexpr int shapePictureNameHeight = 15;
constexpr int shapeHeight = 14;
constexpr int pieceGap = 6;
constexpr int jointWidth = 18;
constexpr int bandGap = 14;
constexpr double mostCell = 12.0;
constexpr double shapePictureRowHeight = 6.0;
constexpr int usualWidth = 268;
constexpr int textSpace = 6;

QRgb colorOf(const ShapeMatrix& matrix, double value) {
    const double share = matrix.largest > 0.0 ? value / matrix.largest : 0.0;
    return matrix.signedScale ? ColorMap::themed(ColorMap::Kind::balance).color(0.5 + 0.475 * std::clamp(share, -1.0, 1.0))
                              : ColorMap::themed(ColorMap::Kind::trace).color(share);
}

/// A matrix alone has its shape beside its name.
double namesHeight(std::size_t matrices) {
    return Theme::instance().px(matrices == 1 ? shapePictureNameHeight : shapePictureNameHeight + shapeHeight);
}

double gapBefore(const ShapeMatrix& matrix, std::size_t index) {
    return index == 0 ? 0.0 : Theme::instance().px(*matrix.joint ? jointWidth : pieceGap);
}

/// "head 0", or "0" where that would run into the next one's.
QString fittingName(const QFont& font, const QString& name, double room) {
    return formulaWidth(font, name) <= room ? name : name.section(QLatin1Char(' '), -1);
}

}  // namespace

ShapePictureView::ShapePictureView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setMouseTracking(true);
    describePicture(this, tr("Change of shape"));
}

void ShapePictureView::setPicture(const explain::ShapePicture& picture) {
    m_picture = picture;
    describePicture(this, shown(m_picture.title),
                    plainFormula(shown(m_picture.sentence) + QLatin1Char(' ') + shown(m_picture.cut)).trimmed());
    setToolTip(QStringLiteral("<p>%1</p>").arg(formulaHtml(font(), shown(m_picture.sentence))));
    updateGeometry();
    update();
}

/// As wide as lets the widest band in.
double ShapePictureView::cellSize(int width) const {
    double size = Theme::instance().px(mostCell);
    for (const auto& band : m_picture.bands) {
        double gaps = 2.0 * Theme::instance().px(shapePictureMargin);
        int columns = 0;
        for (std::size_t m = 0; m < band.size(); ++m) gaps += gapBefore(band[m], m), columns += band[m].columns;
        size = std::min(size, (width - gaps) / std::max(columns, 1));
    }
    return std::max(size, 1.0);
}

std::vector<std::vector<QRectF>> ShapePictureView::places(int width) const {
    const Theme& theme = Theme::instance();
    const double cellWide = cellSize(width), left = theme.px(shapePictureMargin);
    std::vector<std::vector<QRectF>> all;
    double y = theme.px(6);
    for (const auto& band : m_picture.bands) {
        std::vector<QRectF> row;
        double x = left, bottom = y;
        y += namesHeight(band.size());
        for (std::size_t m = 0; m < band.size(); ++m) {
            x += gapBefore(band[m], m);
            row.emplace_back(x, y, cellWide * band[m].columns, theme.px(shapePictureRowHeight) * band[m].rows);
            x = row.back().right();
            bottom = std::max(bottom, row.back().bottom());
        }
        all.push_back(std::move(row));
        y = bottom + theme.px(bandGap);
    }
    return all;
}

QRectF ShapePictureView::cell(std::size_t band, std::size_t matrix, int row, int column) const {
    const QRectF place = places(width())[band][matrix];
    const ShapeMatrix& of = m_picture.bands[band][matrix];
    const double wide = place.width() / of.columns, high = place.height() / of.rows;
    return {place.left() + wide * column, place.top() + high * row, wide, high};
}

QStringList ShapePictureView::lines(int width) const {
    const Theme& theme = Theme::instance();
    const QString text = (shown(m_picture.cut) + QLatin1Char(' ') + shown(m_picture.sentence)).trimmed();
    return wrappedFormula(theme.font(TextSize::caption), text, width - 2 * theme.px(shapePictureMargin));
}

double ShapePictureView::matricesHeight(int width) const {
    double bottom = 0.0;
    for (const auto& band : places(width))
        for (const QRectF& place : band) bottom = std::max(bottom, place.bottom());
    return std::ceil(bottom);
}

QSize ShapePictureView::minimumSizeHint() const {
    const int wide = Theme::instance().px(usualWidth);
    return {wide / 2, static_cast<int>(matricesHeight(wide)) + Theme::instance().px(textSpace)};
}

QSize ShapePictureView::sizeHint() const {
    const Theme& theme = Theme::instance();
    const int wide = theme.px(usualWidth);
    return {wide, static_cast<int>(matricesHeight(wide)) + theme.px(2 * textSpace) +
                      formulaLinesHeight(theme.font(TextSize::caption), lines(wide))};
}

void ShapePictureView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    const auto all = places(width());
    double bottom = 0.0;
    for (std::size_t b = 0; b < all.size(); ++b) {
        for (std::size_t m = 0; m < all[b].size(); ++m) {
            const ShapeMatrix& matrix = m_picture.bands[b][m];
            const QRectF& place = all[b][m];
            paintNames(painter, matrix, place, all[b].size() == 1);
            paintMatrix(painter, matrix, place);
            bottom = std::max(bottom, place.bottom());
            if (!*matrix.joint) continue;
            const double wide = theme.px(jointWidth);
            painter.setFont(theme.font(TextSize::token));
            painter.setPen(theme.color(Role::text));
            painter.drawText(QRectF(place.left() - wide, place.top(), wide, theme.px(shapePictureRowHeight * explain::mostPositionsDrawn)),
                             Qt::AlignCenter, QString::fromUtf8(matrix.joint));
        }
        if (b + 1 == all.size()) break;
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(all[b].front().left(), bottom, theme.px(jointWidth), theme.px(bandGap)), Qt::AlignCenter,
                         QStringLiteral("\u2193"));
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    QStringList text = lines(width());
    const double room = height() - bottom - theme.px(textSpace);
    const qsizetype lineCount = text.size();
    while (!text.isEmpty() && formulaLinesHeight(painter.font(), text) > room) text.removeLast();
    if (text.size() < lineCount && !text.isEmpty()) text.last() += QStringLiteral("\u2026");
    drawFormulaLines(painter,
                     QRectF(theme.px(shapePictureMargin), bottom + theme.px(textSpace), width() - 2 * theme.px(shapePictureMargin),
                            formulaLinesHeight(painter.font(), text)),
                     text);
}

/// A shape stands over its matrix, and over those that follow without one of their own.
void ShapePictureView::paintNames(QPainter& painter, const ShapeMatrix& matrix, const QRectF& place, bool alone) const {
    const Theme& theme = Theme::instance();
    const double top = place.top() - namesHeight(alone ? 1 : 2);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QString shape = QString::fromStdString(matrix.shape), name = shown(matrix.name);
    const double before = alone ? formulaWidth(painter.font(), name) + theme.px(8) : 0.0;
    drawFormula(painter,
                QRectF(place.left() + before, top, std::max(place.width(), formulaWidth(painter.font(), shape)), theme.px(shapeHeight)),
                Qt::AlignLeft, shape);
    painter.setPen(theme.color(Role::text));
    drawFormula(painter,
                QRectF(place.left(), top + (alone ? 0 : theme.px(shapeHeight)), place.width(),
                       theme.px(alone ? shapeHeight : shapePictureNameHeight)),
                Qt::AlignLeft, alone ? name : fittingName(painter.font(), name, place.width()));
}

void ShapePictureView::paintMatrix(QPainter& painter, const ShapeMatrix& matrix, const QRectF& place) const {
    const Theme& theme = Theme::instance();
    const double wide = place.width() / matrix.columns, high = place.height() / matrix.rows;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int r = 0; r < matrix.rows; ++r)
        for (int k = 0; k < matrix.columns; ++k)
            painter.fillRect(QRectF(place.left() + wide * k, place.top() + high * r, wide, high).toAlignedRect(),
                             QColor::fromRgb(colorOf(matrix, matrix.at(r, k))));
    drawFrame(painter, place, 0, theme.color(Role::hairline));
    painter.setRenderHint(QPainter::Antialiasing);
    if (matrix.repeated) {
        // The one number is framed; lines lead to where it is written again.
        drawFrame(painter, QRectF(place.left(), place.top(), wide, place.height()), 0, theme.color(Role::text), Qt::transparent,
                  1.2 * theme.scale());
        painter.setPen(QPen(theme.color(Role::muted), 1.0, Qt::DotLine));
        for (int r = 0; r < matrix.rows; ++r) {
            const double y = place.top() + high * (r + 0.5);
            painter.drawLine(QPointF(place.left() + wide, y), QPointF(place.right(), y));
        }
    }
    const QColor lit = theme.color(Role::accent);
    if (matrix.litRow >= 0)
        drawFrame(painter, QRectF(place.left() - 1, place.top() + high * matrix.litRow - 1, place.width() + 2, high + 2), 0, lit,
                  Qt::transparent, 1.5 * theme.scale());
    if (matrix.litColumn >= 0)
        drawFrame(painter, QRectF(place.left() + wide * matrix.litColumn - 1, place.top() - 1, wide + 2, place.height() + 2), 0, lit,
                  Qt::transparent, 1.5 * theme.scale());
}

QString ShapePictureView::cellText(const QPointF& point) const {
    const auto all = places(width());
    for (std::size_t b = 0; b < all.size(); ++b)
        for (std::size_t m = 0; m < all[b].size(); ++m) {
            const QRectF& place = all[b][m];
            if (!place.contains(point)) continue;
            const ShapeMatrix& matrix = m_picture.bands[b][m];
            const int row = std::min(static_cast<int>((point.y() - place.top()) / place.height() * matrix.rows), matrix.rows - 1);
            const int column = std::min(static_cast<int>((point.x() - place.left()) / place.width() * matrix.columns), matrix.columns - 1);
            return tr("%1, row %2, column %3: %4")
                .arg(plainFormula(shown(matrix.name)))
                .arg(row)
                .arg(column)
                .arg(withShownPoint(QString::fromStdString(explain::shownNumber(matrix.at(row, column), 3))));
        }
    return {};
}

bool ShapePictureView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const QString text = cellText(help->pos());
    if (text.isEmpty()) return QWidget::event(event);
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

}  // namespace lab
