#pragma once

#include <QKeyEvent>

namespace lab {

/// Keys that move the crosshair of a plot, or its hand.
inline bool movesCrosshair(int key) {
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Home || key == Qt::Key_End;
}

/// While a plot has the focus these keys are its own, not the timeline's.
inline void takePlotKey(QKeyEvent& key, bool crosshair) {
    const bool plain = !(key.modifiers() & ~Qt::ShiftModifier);
    if (plain && (movesCrosshair(key.key()) || (key.key() == Qt::Key_Escape && crosshair))) key.accept();
}

}  // namespace lab
