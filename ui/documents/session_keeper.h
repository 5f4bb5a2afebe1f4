#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/platform_files.h"
#include "core/io/session_file.h"
#include "ui/runs/session_snapshot.h"
#include "ui/runs/session_writer.h"

namespace lab {

class Run;
class Session;

/// Keeps what is open for the next start: a minute after something happened, beside the training, and at the end; while nothing happens it
/// does not look. The session found at the start is never
/// written over before it was restored: it becomes 'the one before', until the next one does. Programs that are open at once each keep a
/// session of their own, any number of them; who starts takes up the newest that no other has.
class SessionKeeper : public QObject {
    Q_OBJECT

public:
    /// `file`: where the last session lies.
    SessionKeeper(Session& session, const QString& file);
    ~SessionKeeper() override;

    QString file() const { return m_file; }
    /// As the constructor was told; another program that is open may have that one.
    QString askedFile() const { return m_first; }
    QString fileBefore() const;

    struct Found {
        QString file;
        QDateTime time;
    };
    /// Session files that lie there, newest first, whoever wrote them; without those of programs that are open.
    std::vector<Found> found() const;

    /// What could be restored; nothing when there is no such session. Throws InputError when there is one that cannot be read.
    std::optional<SessionSummary> last() const;
    std::optional<SessionSummary> before() const;
    bool restoreLast();
    bool restoreBefore();
    /// Any of those found.
    bool restore(const QString& file);

    /// Whether there is something to keep.
    bool isWorthKeeping() const;
    /// Writes the session behind the window's back unless nothing has changed since; what is written is whole or not there.
    void saveSoon();
    bool isSaving() const { return m_snapshot.isGathering() || m_writer.isBusy(); }
    /// The same, also when nothing has changed, and after what is under way; `done` is told what went wrong, or nothing.
    void saveThen(std::function<void(const QString& error)> done);
    /// For the end of the program, after Workspace::stop(). Returns what went wrong, or nothing.
    QString saveAtEnd();

signals:
    void saved();
    void failed(const QString& error);

protected:
    /// What is painted anew may have changed; what changes unseen is a run's.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void lookLater();
    void watch(const Run* run);

    using Parts = std::vector<SessionSnapshot::Part>;

    void takeSlot();
    QString slotFile(int slot) const;
    std::map<QString, int> filesBySlot() const;
    bool takeLock(const QString& file);
    QString nextFile() const;
    QString target() const { return m_owns ? m_file : nextFile(); }
    QByteArray fingerprint() const;
    void write(Parts parts, std::function<void(const QString& error)> done);
    QString settled(QString error);
    void tellWritten(const QString& problem, const QByteArray& print, const std::function<void(const QString& error)>& done);
    void finishRotation();

    Session& m_session;
    std::shared_ptr<FileLock> m_lock;  ///< of m_file; goes with the program, however it ends
    QString m_first;                   ///< what m_file is called unless another program has that
    QString m_file;
    bool m_owns = false;  ///< the file is of what is open here
    QTimer m_timer;       ///< runs from when something happened until it is looked at
    SessionSnapshot m_snapshot;
    SessionWriter m_writer;
    QByteArray m_saved;                                   ///< fingerprint of what was written last
    std::function<void(const QString& error)> m_waiting;  ///< asked for while another was written
};

}  // namespace lab
