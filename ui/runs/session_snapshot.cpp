#include "ui/runs/session_snapshot.h"

#include <algorithm>
#include <new>
#include <utility>

namespace lab {

void SessionSnapshot::gather(const std::vector<Run*>& runs, Done done) {
    for (const auto& connection : m_connections) disconnect(connection);
    m_connections.clear();
    m_parts.clear();
    m_order.assign(runs.begin(), runs.end());
    m_waiting.assign(runs.begin(), runs.end());
    m_fits = true;
    m_done = std::move(done);
    for (Run* run : runs) ask(run);
}

void SessionSnapshot::ask(Run* run) {
    m_connections.push_back(connect(run, &Run::stateReady, this, [this, run](const TrainingStatePtr& state) {
        if (std::erase(m_waiting, run) == 0) return;
        keep(run, state);
        finishIfComplete();
    }));
    // A reset makes the thread's answer one of another time.
    m_connections.push_back(connect(run, &Run::wasReset, this, [this, run] {
        if (std::find(m_waiting.begin(), m_waiting.end(), run) != m_waiting.end()) run->requestState();
    }));
    m_connections.push_back(connect(run, &QObject::destroyed, this, [this](const QObject* gone) { drop(gone); }));
    run->requestState();
}

void SessionSnapshot::keep(Run* run, const TrainingStatePtr& state) try {
    m_fits = m_fits && state;
    if (m_fits) m_parts.push_back({run, sessionRunOf(*run, state)});
} catch (const std::bad_alloc&) {
    m_fits = false;
}

void SessionSnapshot::drop(const QObject* run) {
    if (std::erase(m_waiting, run) > 0) finishIfComplete();
}

/// In the order in which the runs were given.
void SessionSnapshot::finishIfComplete() {
    if (!m_waiting.empty()) return;
    std::vector<Part> parts;
    for (const QPointer<Run>& run : m_order)
        for (Part& part : m_parts)
            if (m_fits && run && part.run == run) parts.push_back(std::move(part));
    m_parts.clear();
    const Done done = std::exchange(m_done, nullptr);
    if (done && (!parts.empty() || !m_fits)) done(std::move(parts));
}

}  // namespace lab
