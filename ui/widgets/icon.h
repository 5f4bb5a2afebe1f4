#pragma once

#include <QIcon>
#include <QPainter>
#include <QPixmap>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "ui/widgets/theme.h"

namespace lab {

/// A line icon of resources/icons (NAME.svg) in the colour of a role. The colour is looked up when it is drawn, so a change of the theme
/// needs no new icon; disabled it is drawn at 45 %. `size` in logical px at 100 %: the largest it will be drawn.
QIcon icon(const QString& name, Role role = Role::text, int size = 20);

/// The same as a picture of `size` logical px at 100 % (multiplied by the theme's scale), for a device pixel ratio.
QPixmap iconPixmap(const QString& name, Role role = Role::text, int size = 20, qreal devicePixelRatio = 1.0);

/// Draws the icon into a square in the middle of `rect`, for widgets that paint themselves.
void paintIcon(QPainter& painter, const QRectF& rect, const QString& name, const QColor& color);

/// The names there are, sorted.
QStringList iconNames();

/// The program's own icon in its own colours.
QIcon applicationIcon();

}  // namespace lab
