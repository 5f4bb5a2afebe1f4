#pragma once

#include <QString>
#include <functional>
#include <memory>

#include "core/io/session_file.h"
#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// Writes sessions on a thread of its own, one at a time, and tells the thread it was made on how it went.
class SessionWriter {
public:
    using Done = std::function<void(const QString& error)>;  ///< an empty error: written

    bool isBusy() const { return m_underWay > 0; }
    /// Behind the one before, if there is one.
    void write(const QString& path, std::shared_ptr<const SessionFile> session, Done done);
    /// Until all are written; their `done` comes later, or never when this is destroyed first.
    void wait() { m_worker.wait(); }

private:
    GuiPost m_post;
    int m_underWay = 0;
    Worker m_worker{m_post.poster()};  ///< ends first
};

/// Writes it here and now; returns what went wrong, or nothing.
QString writtenSession(const QString& path, const SessionFile& session);

}  // namespace lab
