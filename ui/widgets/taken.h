#pragma once

#include <QEvent>

class QWidget;

// A part can be taken out of the window (the teacher's view, a lesson) whatever its owner does with it meanwhile.

namespace lab {

/// Takes the part away, or gives it back as its owner last wanted it. Its parent is sent takenEvent().
void setTaken(QWidget& part, bool taken);
bool isTaken(const QWidget& part);
/// What an owner calls in place of setVisible() for a part that may be taken.
void setShown(QWidget& part, bool shown);

QEvent::Type takenEvent();

}  // namespace lab
