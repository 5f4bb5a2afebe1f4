#pragma once

#include <QPainter>
#include <QStringList>

namespace lab {

/// What a widget has painted shortened at `rect` is told whole by the tool tip there, before what the tip says otherwise. Nothing is noted
/// of pictures.
void noteElided(const QPainter& painter, const QRectF& rect, const QString& whole);
/// What stands shortened in a widget, whole.
QStringList elidedTexts(const QWidget& widget);

}  // namespace lab
