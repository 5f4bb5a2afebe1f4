#pragma once

#include <QPainter>
#include <QString>

#include "ui/widgets/theme.h"

// Small strokes that every widget shares, so that edges look alike everywhere.

namespace lab {

/// A colour at the 45 % that says disabled.
QColor faded(const QColor& color);

/// The painter's device pixel, in its own units.
double devicePixel(const QPainter& painter);

/// Fills and outlines a rectangle by a line of one device pixel (or `width`) that lies inside it.
void drawFrame(QPainter& painter, const QRectF& rect, double radius, const QColor& border, const QColor& fill = Qt::transparent,
               double width = 0.0);

/// A sharp line of one device pixel.
void drawHairline(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& color);

/// The ring of LOOK.md 5 around `rect`: 2 px of accent, 1 px outside.
void drawFocusRing(QPainter& painter, const QRectF& rect, double radius);

/// The 45 degree hatch of what is masked.
void drawHatch(QPainter& painter, const QRectF& rect);

/// One line of text, with an ellipsis where `rect` is too narrow for it; in a widget the whole is in the tool tip then.
void drawElided(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& text);

/// Width of `text`. Remembered: to shape a text takes longer than to paint it, and most stay the same from picture to picture.
double textAdvance(const QFont& font, const QString& text);
/// The same in whole px.
int textWidth(const QFont& font, const QString& text);

}  // namespace lab
