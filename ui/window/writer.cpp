#include "ui/window/writer.h"

#include <algorithm>

#include "core/runs/budget.h"

namespace lab {

Writer::Writer(Focus& focus, QObject* parent) : QObject(parent), m_focus(focus) {
    m_pace.setInterval(budget::writing);
    connect(&m_pace, &QTimer::timeout, this, &Writer::write);
    connect(&m_focus, &Focus::inputChanged, this, &Writer::look);
    connect(&m_focus, &Focus::answerChanged, this, &Writer::look);
}

void Writer::setOwn(const OwnInput* own) {
    m_own = own;
    stop();
    if (m_run) disconnect(m_run, nullptr, this, nullptr);
    m_run = m_own ? m_focus.run() : nullptr;
    if (m_run) connect(m_run, &Run::stateChanged, this, &Writer::look);
    look();
}

bool Writer::owns(const Input& input) const {
    const bool written = input.tokens == m_written.tokens && input.targetTokens == m_written.targetTokens;
    return m_own && m_focus.sampleIndex() < 0 && m_own->readsItself(input) && (written || input.targetTokens.size() == 1);
}

bool Writer::canWrite() const {
    return m_own && !m_focus.input().tokens.empty() && (m_own->canContinue() || owns(m_focus.input()));
}

void Writer::start() {
    if (!canWrite()) return;
    m_left = mostContinued;
    put(owns(m_focus.input()) ? m_own->answered(m_focus.input(), {}) : m_focus.input());
    setWriting(true);
}

void Writer::stop() {
    m_left = 0;
    setWriting(false);
}

bool Writer::answerIsThere() const {
    return !m_focus.answering() && !m_focus.answer().empty();
}

/// The input once the model's words so far are read, too.
Input Writer::next() const {
    const Input& input = m_focus.input();
    if (owns(input)) return m_own->answered(input, m_focus.answer());
    return m_left > 0 ? m_own->continued(input, m_focus.answer().back()) : input;
}

bool Writer::isTraining() const {
    return m_focus.run() && m_focus.run()->state() == Run::State::training;
}

/// An answer to own input begins by itself, and is written anew where the model now says something else; while it trains it may. What the
/// hand changes ends what was being written.
void Writer::look() {
    if (m_putting) return;
    const Input& input = m_focus.input();
    const bool written = input.tokens == m_written.tokens && input.targetTokens == m_written.targetTokens;
    if (isWriting() && !written) stop();
    if (isWriting() || !answerIsThere() || !owns(input)) return;
    if (input.targetTokens.size() > 1 && isTraining()) return;
    if (next() == input) return;
    m_written = input;
    setWriting(true);
}

void Writer::write() {
    if (!m_focus.traceError().isEmpty()) return stop();
    if (!answerIsThere()) return;
    const Input longer = next();
    const bool grows =
        longer.targetTokens.size() > m_focus.input().targetTokens.size() || longer.tokens.size() > m_focus.input().tokens.size();
    if (longer == m_focus.input() || (isTraining() && !grows)) return stop();
    m_left = std::max(m_left - 1, 0);
    put(longer);
}

void Writer::put(const Input& input) {
    m_written = input;
    m_putting = true;
    m_focus.setInput(input);
    m_putting = false;
}

void Writer::setWriting(bool writing) {
    if (writing == isWriting()) return;
    if (writing)
        m_pace.start();
    else
        m_pace.stop();
    emit writingChanged();
}

}  // namespace lab
