#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

#include "core/sweep/row_statistics.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/sweep_thread.h"

namespace lab {

/// A results file as it was read.
struct SweepContents {
    std::filesystem::path csv;
    std::optional<Sweep> sweep;  ///< missing when its folder is
    Message problem;             ///< why it is missing
    SweepRows rows;
    bool writtenElsewhere = false;  ///< another process, or another window, is writing it

    /// Rows that are to come; nothing when nobody knows.
    std::optional<int> runsLeft() const;
};

/// The sweep that the window has open: its rows, read anew whenever the file changes, whoever writes it; and the running of it here. Files
/// are read off the GUI thread.
class SweepBook : public QObject {
    Q_OBJECT

public:
    enum class State {
        closed,
        still,      ///< nobody writes it
        elsewhere,  ///< another process writes it: to be looked at only
        running,    ///< here; also while it begins
        stopping,   ///< after the steps under way
    };

    explicit SweepBook(QObject* parent = nullptr);
    ~SweepBook() override;

    State state() const { return m_state; }
    bool isBusy() const { return m_state == State::running || m_state == State::stopping; }
    /// Null until a file was read.
    const std::shared_ptr<const SweepContents>& contents() const { return m_contents; }
    /// Of the one that runs here, else the one that was read; empty when closed.
    const std::filesystem::path& csv() const { return m_csv; }
    /// While it is busy.
    const SweepProgressNews& progress() const { return m_thread.progress(); }
    const SweepOptions& options() const { return m_options; }

    /// Reads results. failed() when they cannot be read; then what was open stays.
    void open(const std::filesystem::path& csv);
    /// Runs a sweep into a file, or goes on with it; failed() when the file cannot be that.
    void start(const Sweep& sweep, const std::filesystem::path& csv, const SweepOptions& options);
    /// Goes on with what is open.
    void resume();
    void cancel();
    /// Stops and joins; finished rows are in the file.
    void stop();

signals:
    /// Other rows, or another file.
    void contentsChanged();
    void opened();
    void stateChanged();
    void progressed();
    void failed(const QString& what, const QString& where);

private:
    void read(const std::filesystem::path& csv, bool isNew);
    void take(const std::shared_ptr<const SweepContents>& contents, bool isNew);
    void lookForChanges();
    void follow();
    void setState(State state);
    void endRunning(const QString& error);

    State m_state = State::closed;
    std::filesystem::path m_csv;
    std::shared_ptr<const SweepContents> m_contents;
    SweepOptions m_options;
    QDateTime m_readAt;  ///< the file's time when it was read last
    bool m_reading = false, m_readAgain = false;
    QTimer m_timer;                ///< while another process writes, which may end without a word
    QFileSystemWatcher m_watcher;  ///< while nobody does
    LatestTask m_loader;
    SweepThread m_thread;
};

/// Reads results and what lies beside them. Throws InputError. `probe`: find out whether somebody writes it.
SweepContents readSweepContents(const std::filesystem::path& csv, bool probe);

}  // namespace lab
