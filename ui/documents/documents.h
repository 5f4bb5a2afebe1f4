#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/config/experiment.h"
#include "core/training/trainer.h"
#include "ui/runs/run.h"
#include "ui/runs/session_snapshot.h"
#include "ui/runs/session_writer.h"

namespace lab {

struct LoadedTask;

/// What the window has open: one experiment with its run, the file it came from, and the draft that the person makes of it.
///
/// A document is an experiment (JSON), a checkpoint (safetensors, which continues where it was saved), a pairs file (an experiment on it is
/// made up) or a preset. Nothing that fails changes what is open: failed() says in a sentence what was wrong.
///
/// The window gives a RunStarter (MainWindow::setTask), shows what the signals say, and tells the draft. Edits never touch a run: a draft
/// becomes one through startNewRun().
class Documents : public QObject {
    Q_OBJECT

public:
    /// Makes a run of the task the one that the window shows; `start` resumes it.
    using RunStarter = std::function<Run*(const LoadedTask&, std::optional<TrainingState> start)>;
    /// The same for a run that goes on from a moment of another one, which stays open.
    using BranchStarter = std::function<Run*(const LoadedTask&, TrainingState start, const RunOrigin&)>;
    /// The same for the runs of a session, which take the place of all that are open; answers with them, in order.
    using SessionStarter = std::function<std::vector<Run*>(std::vector<RunToRestore> runs, std::size_t shown)>;
    using RunLister = std::function<std::vector<Run*>()>;
    /// What the window adds to a session, as JSON.
    using WindowNotes = std::function<std::string()>;
    enum class Answer { save, discard, cancel };
    /// Asks what to do with unsaved changes of the document of this title.
    using Question = std::function<Answer(const QString& title)>;
    /// Asks where to save; an empty answer cancels.
    using PathChooser = std::function<QString(const QString& suggestedName)>;

    explicit Documents(RunStarter starter, QObject* parent = nullptr);
    ~Documents() override;

    void setBranchStarter(BranchStarter starter) { m_startBranch = std::move(starter); }
    void setSessionStarter(SessionStarter starter) { m_startSession = std::move(starter); }
    /// The runs that a session keeps; those started here unless told.
    void setRunLister(RunLister lister) { m_listRuns = std::move(lister); }
    void setWindowNotes(WindowNotes notes) { m_windowNotes = std::move(notes); }
    void setQuestion(Question question) { m_question = std::move(question); }
    void setPathChooser(PathChooser chooser) { m_choosePath = std::move(chooser); }

    QString path() const { return m_path; }                         ///< empty: a preset, or new
    QString title() const;                                          ///< the file's name, else the experiment's
    const std::string& presetName() const { return m_presetName; }  ///< of the preset that was opened; else empty
    Run* run() const { return m_run; }
    /// As edited, derived values absent.
    const Experiment& experiment() const { return m_experiment; }
    const Experiment& draft() const { return m_draft; }
    /// What changes are marked against: the preset or file that was opened.
    const Experiment& baseline() const { return m_baseline; }
    void setDraft(const Experiment& draft);
    /// What the paths in experiment() and draft() are relative to.
    const std::filesystem::path& folder() const { return m_folder; }
    /// The draft differs from the run's experiment.
    bool hasDraftChanges() const;
    /// Something would be lost: settings that are in no file, or steps trained beyond the checkpoint that was opened.
    bool isModified() const;

    // Each asks about unsaved changes first, and returns whether it was done.
    bool newExperiment();
    bool openPreset(const std::string& name);
    bool openFile(const QString& path);
    /// For the window's closing: whether nothing unsaved is left that the person wants to keep. False also while a checkpoint is still
    /// being fetched from the training thread; readyToClose() follows then.
    bool mayClose();

    /// To the file it came from, or as saveAs.
    bool save();
    /// Asks where. ".safetensors" saves the run with its full state, anything else the settings.
    bool saveAs();
    bool saveTo(const QString& path);
    /// Asks where, and saves all runs with their states and pasts: records, kept weights and states, pins; and what is looked at. save()
    /// then keeps doing so.
    bool saveSession();

    /// Trains the draft from new initial weights.
    Run* startNewRun();

    /// Continues from any step of the run as a run of its own, with the draft's settings when it has changes; the moment comes from the
    /// training thread, so branchStarted tells.
    void continueFrom(std::int64_t step);
    /// Runs beside those that are open, with settings of their own: makes them and answers with them; failed() says what is wrong, and
    /// then there is none. The document stays what it is.
    using BesideStarter = std::function<Run*(const LoadedTask&)>;
    std::vector<Run*> addBeside(const std::vector<Experiment>& settings, const BesideStarter& start);
    /// The same in place of everything that is open, with the first as the document; asks about unsaved changes.
    std::vector<Run*> openTogether(const std::vector<Experiment>& settings, const BesideStarter& start);

    /// A run that came from elsewhere, beside those that are open; `folder` is what its data's paths are relative to.
    void adopt(Run* run, const std::filesystem::path& folder);

    /// Another of the runs that were started here is looked at: the document is its.
    void showRun(Run* run);

    /// The runs that a session keeps.
    std::vector<Run*> sessionRuns() const;
    QByteArray windowNotes() const;
    /// What a session's file at `path` keeps of them, as they were gathered.
    std::shared_ptr<const SessionFile> sessionFile(std::vector<SessionSnapshot::Part> parts, const QString& path) const;
    /// Opens a session that was kept for the next start: the documents are those that they were, not the session's file. Asks about unsaved
    /// changes first; failed() says what is wrong with it, and then nothing has changed.
    bool restoreSession(const QString& file);

signals:
    /// Another document or another run: experiment, baseline, title.
    void documentChanged();
    void modifiedChanged(bool modified);
    void failed(const QString& what, const QString& where);
    void opened(const QString& path);
    void saved(const QString& path);
    void readyToClose();
    void branchStarted(lab::Run* run);
    /// After documentChanged: settings edited but not yet trained, and what was looked at as WindowNotes gave it.
    void sessionOpened(const QByteArray& windowNotes);

private:
    struct Source;

    static Source readSource(const std::filesystem::path& path);
    /// Throws InputError; then nothing has changed.
    void open(const Source& source);
    void takeRun(Run* run);
    void watch(Run* run);
    void openSession(const CheckpointFile& checkpoint, bool isDocument);
    void branchFrom(const TrainingState& moment);
    bool tryToOpen(const QString& what, const std::function<Source()>& read);
    /// Does it now, or after the answer's saving; false when it was not done (yet).
    bool askAndDo(const std::function<bool()>& action);
    bool saveCheckpoint(const QString& path);
    void writeState(const std::shared_ptr<const TrainingState>& state);
    void writeSession(std::vector<SessionSnapshot::Part> parts);
    void settleCheckpoint(const QString& path, std::int64_t step);
    void settle(const QString& path, const Experiment& settings, std::int64_t savedStep);
    void tellModified();

    /// What the document was while a run was the one shown.
    struct OpenRun {
        QPointer<Run> run;
        Experiment experiment;
        QString path;
        std::int64_t savedStep = -1;
        std::filesystem::path folder;  ///< what the paths in the run's own experiment are relative to
        bool beside = false;           ///< made by addBeside: its settings are nobody's unsaved changes
    };
    OpenRun* openRun(const Run* run);
    std::filesystem::path dataFolder(const Run* run) const;
    void sessionWritten(const QString& path, const std::vector<OpenRun>& written, const QString& error);

    RunStarter m_start;
    SessionStarter m_startSession;
    RunLister m_listRuns;
    WindowNotes m_windowNotes;
    SessionSnapshot m_snapshot;
    SessionWriter m_sessionWriter;
    BranchStarter m_startBranch;
    std::vector<OpenRun> m_runs;
    bool m_branching = false;  ///< waits for a moment of m_run
    Question m_question;
    PathChooser m_choosePath;
    QPointer<Run> m_run;
    QString m_path;
    std::string m_presetName;
    std::filesystem::path m_folder;  ///< data paths are relative to it
    Experiment m_baseline;
    Experiment m_experiment;
    Experiment m_draft;
    Experiment m_saved;             ///< the settings as they are in the file or preset
    std::int64_t m_savedStep = -1;  ///< of the checkpoint file; -1: not a checkpoint
    bool m_savesPast = false;       ///< the checkpoint file is a session
    QString m_pendingPath;          ///< a checkpoint that waits for its state
    std::function<bool()> m_afterSaving;
    bool m_toldModified = false;
};

}  // namespace lab
