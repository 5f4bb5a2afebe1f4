#include "ui/widgets/plot/plot_painter.h"

#include <QLineF>
#include <algorithm>
#include <cmath>

#include "ui/widgets/clipped_line.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

/// Points that are stroked together: long smooth lines at once take several times as long.
constexpr qsizetype pieceOfLine = 48;
/// Px that a line may stand out of its room by: half its width.
constexpr double overhang = 3;

QPolygonF outlineOf(const PlotField& field, PlotValues low, PlotValues high) {
    QPolygonF outline;
    for (std::size_t i = 0; i < high.x.size(); ++i)
        if (std::isfinite(high.y[i])) outline << field.place(high.x[i], high.y[i]);
    for (std::size_t i = low.x.size(); i-- > 0;)
        if (std::isfinite(low.y[i])) outline << field.place(low.x[i], low.y[i]);
    const QRectF room = field.room.adjusted(-overhang, -overhang, overhang, overhang);
    return room.contains(outline.boundingRect()) ? outline : outline.intersected(QPolygonF(room));
}

}  // namespace

void PlotPainter::across(double y, const QColor& color) const {
    const double at = m_field.yOf(y);
    if (inHeight(at)) drawHairline(m_painter, {m_field.room.left(), at}, {m_field.room.right(), at}, color);
}

void PlotPainter::upright(double x, const QColor& color) const {
    const double at = m_field.xOf(x);
    if (inWidth(at)) drawHairline(m_painter, {at, m_field.room.top()}, {at, m_field.room.bottom()}, color);
}

void PlotPainter::markLeft(double y, double length, const QColor& color) const {
    const double at = m_field.yOf(y);
    if (inHeight(at)) drawHairline(m_painter, {m_field.room.left() - length, at}, {m_field.room.left(), at}, color);
}

void PlotPainter::markBelow(double x, double length, const QColor& color) const {
    const double at = m_field.xOf(x);
    if (inWidth(at)) drawHairline(m_painter, {at, m_field.room.bottom()}, {at, m_field.room.bottom() + length}, color);
}

void PlotPainter::band(PlotValues low, PlotValues high, Role role) const {
    const Theme& theme = Theme::instance();
    QColor fill = theme.color(role);
    fill.setAlphaF(theme.dark() ? 0.2F : 0.13F);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(fill);
    m_painter.drawPolygon(outlineOf(m_field, low, high));
    m_painter.setBrush(Qt::NoBrush);
}

/// A value without neighbours is a dot of twice the line's width.
void PlotPainter::line(const QPolygonF& points, QPen pen) const {
    if (points.size() == 1) return dot(points.front(), pen.widthF(), pen.color());
    m_painter.setBrush(Qt::NoBrush);
    const bool dashed = pen.style() != Qt::SolidLine;
    double travelled = 0;  // so that dashes go on from piece to piece
    for (const QPolygonF& part : clippedLine(points, m_field.room.adjusted(-overhang, -overhang, overhang, overhang)))
        for (qsizetype from = 0; from + 1 < part.size(); from += pieceOfLine) {
            const QPolygonF piece = part.mid(from, pieceOfLine + 1);
            if (dashed) pen.setDashOffset(travelled / pen.widthF());
            m_painter.setPen(pen);
            m_painter.drawPolyline(piece);
            for (qsizetype i = 1; dashed && i < piece.size(); ++i) travelled += QLineF(piece[i - 1], piece[i]).length();
        }
}

void PlotPainter::square(const QPointF& at, double side, Role role) const {
    if (!inside(at)) return;
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(Theme::instance().color(role));
    m_painter.drawRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side));
}

void PlotPainter::dot(const QPointF& at, double radius, const QColor& color) const {
    if (!inside(at)) return;
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    m_painter.drawEllipse(at, radius, radius);
}

void PlotPainter::ring(const QPointF& at, double radius, double width, Role role) const {
    if (!inside(at)) return;
    const Theme& theme = Theme::instance();
    m_painter.setBrush(theme.color(Role::screen));
    m_painter.setPen(QPen(theme.color(role), width * theme.scale()));
    m_painter.drawEllipse(at, radius * theme.scale(), radius * theme.scale());
    m_painter.setBrush(Qt::NoBrush);
}

void PlotPainter::dotted(const QPointF& from, const QPointF& to, double width) const {
    const Theme& theme = Theme::instance();
    QPen pen(theme.color(Role::muted), std::max(1.0, width * theme.scale()), Qt::SolidLine, width > 1 ? Qt::FlatCap : Qt::SquareCap);
    pen.setDashPattern({2 / width, 4 / width});
    m_painter.setPen(pen);
    m_painter.drawLine(from, to);
}

void PlotPainter::crosshair(double x) const {
    const Theme& theme = Theme::instance();
    QPen pen(theme.color(Role::text), std::max(1.0, theme.scale()));
    pen.setDashPattern({3, 2});
    m_painter.setPen(pen);
    m_painter.drawLine(QPointF(m_field.xOf(x), m_field.room.top()), QPointF(m_field.xOf(x), m_field.room.bottom()));
}

void PlotPainter::shown(double x, double above) const {
    const Theme& theme = Theme::instance();
    m_painter.setPen(QPen(theme.color(Role::accent), 2 * theme.scale(), Qt::SolidLine, Qt::FlatCap));
    m_painter.drawLine(QPointF(m_field.xOf(x), m_field.room.top() - above), QPointF(m_field.xOf(x), m_field.room.bottom()));
}

void paintOnSheet(QPainter& painter, const QRectF& box, const QString& text, const QColor& color, Role ground, float opacity) {
    QColor sheet = Theme::instance().color(ground);
    sheet.setAlphaF(opacity);
    painter.fillRect(box, sheet);
    painter.setPen(color);
    painter.drawText(box, Qt::AlignCenter, text);
}

}  // namespace lab
