#pragma once

#include <QPainter>

#include "ui/widgets/plot/plot_field.h"
#include "ui/widgets/theme.h"

namespace lab {

/// The strokes of every plot, the same on screen and on paper. What is drawn ends at the field's room without clipping, which Qt's SVG
/// files do not know.
class PlotPainter {
public:
    PlotPainter(QPainter& painter, const PlotField& field) : m_painter(painter), m_field(field) {}

    /// Hairlines over the whole room at values of the axes; what lies outside is left out.
    void across(double y, const QColor& color) const;
    void upright(double x, const QColor& color) const;
    /// Hairlines of `length` px that stand out of the room, left of it or below.
    void markLeft(double y, double length, const QColor& color) const;
    void markBelow(double x, double length, const QColor& color) const;

    void band(PlotValues low, PlotValues high, Role role) const;
    void line(const QPolygonF& points, QPen pen) const;
    void square(const QPointF& at, double side, Role role) const;
    void dot(const QPointF& at, double radius, const QColor& color) const;
    /// A ring around a value, open inside.
    void ring(const QPointF& at, double radius, double width, Role role) const;
    /// A dotted line over the whole room, of what is compared with.
    void dotted(const QPointF& from, const QPointF& to, double width = 1) const;
    void crosshair(double x) const;
    /// Where the window looks: amber, a little taller than the room.
    void shown(double x, double above) const;

private:
    bool inHeight(double y) const { return y >= m_field.room.top() - 1 && y <= m_field.room.bottom() + 1; }
    bool inWidth(double x) const { return x >= m_field.room.left() - 1 && x <= m_field.room.right() + 1; }
    bool inside(const QPointF& at) const { return m_field.room.adjusted(-2, -2, 2, 2).contains(at); }

    QPainter& m_painter;
    const PlotField& m_field;
};

/// Words on a sheet of the ground's colour, so that lines behind them do not cross them.
void paintOnSheet(QPainter& painter, const QRectF& box, const QString& text, const QColor& color, Role ground, float opacity);

}  // namespace lab
