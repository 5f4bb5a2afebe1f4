#include "ui/runs/busy_clock.h"

#include <QAbstractEventDispatcher>

namespace lab {

BusyClock::BusyClock(QObject* parent) : QObject(parent) {
    m_sinceAwake.start();
    const auto* dispatcher = QAbstractEventDispatcher::instance();
    if (!dispatcher) return;  // no event loop yet: then all time counts
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { m_sinceAwake.start(); });
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
        if (m_sinceAwake.isValid()) m_nanoseconds += m_sinceAwake.nsecsElapsed();
        m_sinceAwake.invalidate();
    });
}

double BusyClock::take() {
    if (m_sinceAwake.isValid()) m_nanoseconds += m_sinceAwake.nsecsElapsed();
    const double milliseconds = static_cast<double>(m_nanoseconds) / 1e6;
    m_nanoseconds = 0;
    if (m_sinceAwake.isValid()) m_sinceAwake.start();
    return milliseconds;
}

}  // namespace lab
