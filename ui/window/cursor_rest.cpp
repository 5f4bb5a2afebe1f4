#include "ui/window/cursor_rest.h"

#include <QApplication>
#include <QEvent>
#include <algorithm>
#include <utility>

namespace lab {

CursorRest::CursorRest(std::chrono::milliseconds after) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(after);
    connect(&m_timer, &QTimer::timeout, this, &CursorRest::rest);
    qApp->installEventFilter(this);
    m_timer.start();
}

CursorRest::~CursorRest() {
    if (isResting()) wake();
}

bool CursorRest::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::KeyPress:
        case QEvent::InputMethod:
        case QEvent::MouseButtonPress:
        case QEvent::FocusIn:
            wake();
            break;
        default:
            break;
    }
    return QObject::eventFilter(watched, event);
}

/// Where the system's cursors do not blink there is nothing to do.
void CursorRest::rest() {
    m_usual = std::max(QApplication::cursorFlashTime(), 0);
    if (isResting()) QApplication::setCursorFlashTime(0);
}

void CursorRest::wake() {
    if (isResting()) QApplication::setCursorFlashTime(std::exchange(m_usual, 0));
    m_timer.start();
}

}  // namespace lab
