#pragma once

#include <QObject>

#include "ui/runs/focus.h"

namespace lab {

/// Keeps a second focus on another run at the step, the input and the selection of the first. What the person does on the second one
/// (another step, sample or cell) is done to the first, and comes back.
class FocusLink : public QObject {
    Q_OBJECT

public:
    /// Both outlive the link; `follower` may be without a run for a while.
    FocusLink(Focus& leader, Focus& follower, QObject* parent = nullptr);

    /// Puts the follower onto a run, at once where the leader is.
    void setRun(Run* run);
    /// A follower that had not come as far as the leader's step may have by now.
    void catchUp() { followStep(); }
    /// Off: the follower stays where it is, for what nobody sees.
    void setActive(bool active);

private:
    void followStep();
    void followInput();
    void followSelection();
    void leadStep();
    void leadInput();
    void leadSelection();
    template <class Action>
    void apply(Action action);

    Focus& m_leader;
    Focus& m_follower;
    bool m_active = true;
    std::int64_t m_toldStep = -1;  ///< of the follower, after it was last told; -1: live
    bool m_applying = false;
};

}  // namespace lab
