#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <vector>

#include "ui/runs/run_session.h"

namespace lab {

/// Gathers what a session keeps of several runs. Each run's full state comes from the training thread in its own time; a run that is
/// removed meanwhile is left out.
class SessionSnapshot : public QObject {
    Q_OBJECT

public:
    struct Part {
        QPointer<Run> run;
        SessionRun kept;
    };
    /// Told without parts when there was no room for all of them: no session with some of its runs takes the place of a whole one.
    using Done = std::function<void(std::vector<Part>)>;

    using QObject::QObject;

    bool isGathering() const { return !m_waiting.empty(); }
    /// Replaces a gathering that is under way, which then is never done. Without runs nothing happens.
    void gather(const std::vector<Run*>& runs, Done done);

private:
    void ask(Run* run);
    void keep(Run* run, const TrainingStatePtr& state);
    void drop(const QObject* run);
    void finishIfComplete();

    std::vector<QPointer<Run>> m_order;
    std::vector<const QObject*> m_waiting;
    std::vector<Part> m_parts;
    bool m_fits = true;  ///< into memory, all of them
    std::vector<QMetaObject::Connection> m_connections;
    Done m_done;
};

}  // namespace lab
