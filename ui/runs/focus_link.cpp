#include "ui/runs/focus_link.h"

#include <QScopedValueRollback>

#include "ui/runs/translated_input.h"

namespace lab {
namespace {

std::int64_t stepOf(const Focus& focus) {
    return focus.live() ? -1 : focus.wantedStep();
}

/// The same text where the two runs cut it in their own ways; else the tokens themselves.
Input inputFor(const Focus& from, const Focus& to) {
    if (!readOtherwise(*from.run(), *to.run())) return from.input();
    return translatedInput(from.input(), *from.run(), *to.run()).value_or(from.input());
}

}  // namespace

FocusLink::FocusLink(Focus& leader, Focus& follower, QObject* parent) : QObject(parent), m_leader(leader), m_follower(follower) {
    connect(&leader, &Focus::stepChanged, this, &FocusLink::followStep);
    connect(&leader, &Focus::inputChanged, this, &FocusLink::followInput);
    connect(&leader, &Focus::selectionChanged, this, &FocusLink::followSelection);
    connect(&follower, &Focus::stepChanged, this, &FocusLink::leadStep);
    connect(&follower, &Focus::inputChanged, this, &FocusLink::leadInput);
    connect(&follower, &Focus::selectionChanged, this, &FocusLink::leadSelection);
}

/// What follows from our own doing is nobody's wish.
template <class Action>
void FocusLink::apply(Action action) {
    if (m_applying || !m_active || !m_leader.run() || !m_follower.run()) return;
    const QScopedValueRollback<bool> applying(m_applying, true);
    action();
}

void FocusLink::setRun(Run* run) {
    {
        const QScopedValueRollback<bool> applying(m_applying, true);
        m_follower.setRun(run);
    }
    followInput();
    followStep();
    followSelection();
}

void FocusLink::setActive(bool active) {
    if (m_active == active) return;
    m_active = active;
    followInput();
    followStep();
    followSelection();
}

void FocusLink::followStep() {
    apply([this] {
        if (m_leader.live())
            m_follower.followLive();
        else
            m_follower.showStep(m_leader.wantedStep());
        m_toldStep = stepOf(m_follower);
    });
}

/// The sample of the same number where that is the same input; else the tokens themselves, or the same text.
void FocusLink::followInput() {
    apply([this] {
        const Input wanted = inputFor(m_leader, m_follower);
        if (m_follower.input() == wanted && m_follower.sampleIndex() == m_leader.sampleIndex()) return;
        const int sample = m_leader.sampleIndex();
        if (sample >= 0 && sample < m_follower.sampleCount()) m_follower.showSample(sample);
        const bool translated = readOtherwise(*m_leader.run(), *m_follower.run());
        if (translated ? m_follower.input().tokens != wanted.tokens : m_follower.input() != wanted) m_follower.setInput(wanted);
    });
    followSelection();
}

void FocusLink::followSelection() {
    apply([this] { m_follower.select(m_leader.selection()); });
}

/// Weights that arrive, as a step is recomputed or the training goes on, are no wish.
void FocusLink::leadStep() {
    apply([this] {
        if (stepOf(m_follower) == m_toldStep) return;
        m_toldStep = stepOf(m_follower);
        if (m_follower.live())
            m_leader.followLive();
        else
            m_leader.showStep(m_follower.wantedStep());
    });
}

void FocusLink::leadInput() {
    apply([this] {
        if (m_follower.sampleIndex() >= 0 && m_follower.sampleIndex() < m_leader.sampleCount())
            m_leader.showSample(m_follower.sampleIndex());
        else
            m_leader.setInput(inputFor(m_follower, m_leader));
    });
}

void FocusLink::leadSelection() {
    apply([this] { m_leader.select(m_follower.selection()); });
}

}  // namespace lab
