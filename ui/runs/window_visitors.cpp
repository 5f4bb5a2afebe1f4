#include "ui/runs/window_visitors.h"

#include <QAbstractEventDispatcher>

namespace lab {

Visitors& windowVisitors() {
    static Visitors visitors;
    return visitors;
}

EventLoopVisits::EventLoopVisits(QObject* parent) : QObject(parent) {
    const auto* dispatcher = QAbstractEventDispatcher::instance();
    if (!dispatcher) return;
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] {
        if (!m_inside) windowVisitors().enter();
        m_inside = true;
    });
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &EventLoopVisits::leave);
}

EventLoopVisits::~EventLoopVisits() {
    leave();
}

void EventLoopVisits::leave() {
    if (m_inside) windowVisitors().leave();
    m_inside = false;
}

}  // namespace lab
