#include "ui/pages/memory/recall_clock.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

constexpr int frameTime = 33;  // ms

}  // namespace

RecallClock::RecallClock(QObject* parent) : QObject(parent) {
    m_timer.setInterval(frameTime);
    connect(&m_timer, &QTimer::timeout, this, &RecallClock::tick);
}

void RecallClock::restart(int last) {
    m_timer.stop();
    m_last = last;
    m_shown = 0;
    emit changed();
}

void RecallClock::stop() {
    m_timer.stop();
    emit changed();
}

void RecallClock::show(int update) {
    m_timer.stop();
    m_shown = std::clamp(update, 0, m_last);
    emit changed();
}

void RecallClock::toggle() {
    if (playing()) return stop();
    if (atEnd()) m_shown = 0;
    m_due = 0;
    if (m_pace <= 0) return show(m_last);
    if (!atEnd()) m_timer.start();
    emit changed();
}

void RecallClock::pause() {
    if (playing()) stop();
}

void RecallClock::step() {
    show(m_shown + 1);
}

void RecallClock::reset() {
    show(0);
}

void RecallClock::tick() {
    if (m_pace <= 0) return show(m_last);
    m_due += m_pace * frameTime / 1000;
    const int whole = static_cast<int>(std::floor(m_due));
    if (whole == 0) return;
    m_due -= whole;
    m_shown = std::min(m_shown + whole, m_last);
    if (atEnd()) m_timer.stop();
    emit changed();
}

}  // namespace lab
