#pragma once

#include <QCoreApplication>
#include <QImage>
#include <QMouseEvent>
#include <QWidget>

// What tests of painted widgets ask.

namespace lab {

/// What a screen reader hears of the picture.
inline QString valueOf(const QWidget& widget) {
    return widget.property("labPictureValue").toString();
}

/// A mouse move as the window system sends it.
inline void moveMouse(QWidget& widget, const QPointF& to, Qt::MouseButtons held = {}) {
    QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, held, {});
    QCoreApplication::sendEvent(&widget, &event);
}

/// Pixels near `at` that have the given colour.
inline int inked(const QImage& image, const QPointF& at, const QColor& color, int reach) {
    int count = 0;
    for (int y = -reach; y <= reach; ++y)
        for (int x = -reach; x <= reach; ++x)
            if (image.pixelColor(at.toPoint() + QPoint(x, y)) == color) ++count;
    return count;
}

}  // namespace lab
