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
#include "core/io/checkpoint.h"
#include "core/training/trainer.h"
#include "ui/runs/focus.h"
#include "ui/runs/jobs.h"
#include "ui/runs/run_session.h"
#include "ui/runs/session_snapshot.h"
#include "ui/runs/session_writer.h"
#include "ui/runs/workspace.h"

namespace lab {

struct DocumentSource;
struct LoadedTask;
class SessionKeeper;

/// Who answers for the person and the window what a session asks.
class SessionHost {
public:
    enum class Answer { save, discard, cancel };
    virtual ~SessionHost() = default;
    /// What to do with unsaved changes of the document of this title.
    virtual Answer askAboutChanges(const QString& title) = 0;
    /// Where to save; an empty answer cancels.
    virtual QString choosePath(const QString& suggestedName) = 0;
    /// What the window adds to a session, as JSON.
    virtual QByteArray windowNotes() const { return {}; }
};

/// What is open: the runs, the one that is shown with the document it came from, and the draft that the person makes of it. It alone opens,
/// trains, branches and saves.
///
/// A document is an experiment (JSON), a checkpoint (safetensors, which continues where it was saved), a session (safetensors with the past
/// of all runs), a pairs file (an experiment on it is made up) or a preset. Nothing that fails changes what is open: failed() says in a
/// sentence what was wrong. Edits never touch a run: a draft becomes one through startNewRun().
class Session : public QObject {
    Q_OBJECT

public:
    Session(Workspace& workspace, Focus& focus, QObject* parent = nullptr);
    ~Session() override;

    /// Without a host nothing is asked: unsaved changes keep what is open.
    void setHost(SessionHost* host) { m_host = host; }
    const SessionHost* host() const { return m_host; }
    Workspace& workspace() const { return m_workspace; }
    Focus& focus() const { return m_focus; }

    QString path() const { return m_document.path; }                         ///< empty: a preset, or new
    QString title() const;                                                   ///< the file's name, else the experiment's
    QString shownTitle() const;                                              ///< a branch's own name, else the title
    const std::string& presetName() const { return m_document.presetName; }  ///< of the preset that was opened; else empty
    enum class Saves { settings, run, session };
    /// What save() writes, and so what isModified() speaks of.
    Saves saves() const;
    Run* run() const { return m_run; }
    /// As edited, derived values absent.
    const Experiment& experiment() const { return m_document.experiment; }
    const Experiment& draft() const { return m_document.draft; }
    /// What changes are marked against: the preset or file that was opened.
    const Experiment& baseline() const { return m_document.baseline; }
    /// `problem`: what is wrong with what was typed; such a draft cannot be trained.
    void setDraft(const Experiment& draft, const QString& problem = {});
    /// What the paths in experiment() and draft() are relative to.
    const std::filesystem::path& folder() const { return m_document.folder; }
    /// The draft differs from the run's experiment.
    bool hasDraftChanges() const;
    /// Something would be lost: settings that are in no file, steps trained beyond the checkpoint that was opened, runs or steps that are
    /// not in the session that was opened.
    bool isModified() const;

    // Each reads and checks first, then asks about unsaved changes, and returns whether it was done. What was trained and is in no file
    // stays among the runs, paused. A large file, and one that names a long text, is read beside the window, as one of the jobs: false, and
    // opened() or failed() follows.
    bool newExperiment();
    bool openPreset(const std::string& name);
    bool openFile(const QString& path);
    /// A checkpoint, an experiment or a model of another program as one more run, beside those that are open; read beside the window, and
    /// added() or failed() follows.
    void addFile(const QString& path);
    /// A file, a session or a text is being read beside the window.
    bool isReading() const { return m_opening && !m_opening->ended(); }
    /// An experiment that no file has, as one on a text that was chosen and is loaded already.
    bool openSettings(const Experiment& experiment, const std::filesystem::path& folder, const LoadedTask& known);
    /// The variants of a comparison in place of everything that is open, the first as the document; answers with their runs.
    std::vector<Run*> openTogether(const std::vector<Experiment>& settings);
    /// The run that another one took the place of last, with its document; the present one goes if it was not trained.
    bool bringBack();
    bool canBringBack() const;
    /// The run shown at the weights where it began. One that was trained stays as it is, and a new one takes its place.
    void reset();
    /// Opens a session that was kept for the next start: the documents are those that they were, not the session's file. As openFile();
    /// `restored` is called when it was done, now or later.
    bool restoreSession(const QString& file, const std::function<void()>& restored = {});
    /// Every run that was in the session opened last is open.
    bool restoredWhole() const { return m_restoredWhole; }
    /// For the window's closing: whether nothing unsaved is left that the person wants to keep, and what is kept for the next start is
    /// written. False also while that is still under way; readyToClose() follows then.
    bool mayClose();

    /// Replaces what is open by a run of this task, paused, without a document; `start` resumes it.
    Run* openTask(const LoadedTask& task, std::optional<TrainingState> start = std::nullopt);

    /// To the file it came from, or as saveAs.
    bool save();
    /// Asks where. ".safetensors" saves the run with its full state, anything else the settings.
    bool saveAs();
    bool saveTo(const QString& path);
    /// Asks where, and saves all runs with their states and pasts: records, kept weights and states, pins; and what is looked at. save()
    /// then keeps doing so.
    bool saveSession();
    /// Asks where, and saves the run at the step of its lowest validation loss: the full state, recomputed, or the weights alone where no
    /// state before that step is known. The document stays what it is.
    bool saveBest();
    bool saveBestTo(const QString& path);
    /// What of a run with adapters goes into a file: they alone, or the model with what they add.
    enum class Adapters { apart, merged };
    /// Asks where, and saves the run at the step shown like this. The document stays what it is.
    bool saveAdapters(Adapters how);
    bool saveAdaptersTo(const QString& path, Adapters how);

    /// Trains the run shown; a draft that was changed becomes a new run.
    void train();
    /// The part of it that a changed draft wants, faulty or not; false: there is none.
    bool trainDraft();
    /// A run of the draft from new initial weights; null when that failed, or while a long text that is not open yet is read beside the
    /// window, as one of the jobs: the run follows. `trains`: it is trained at once.
    Run* startNewRun(bool trains = false);
    /// Continues from any step of the run shown as a run of its own, with the draft's settings when it has changes; the moment comes from
    /// the training thread, and then the branch trains.
    void continueFrom(std::int64_t step);
    /// Runs beside those that are open, with settings of their own; all of them or, when failed() says what is wrong, none. A long text
    /// has to be open.
    std::vector<Run*> addBeside(const std::vector<Experiment>& settings);
    /// A run that came from elsewhere, beside those that are open; `folder` is what its data's paths are relative to.
    void adopt(Run* run, const std::filesystem::path& folder);
    /// What the paths in a run's own experiment are relative to.
    std::filesystem::path dataFolder(const Run* run) const;

    QByteArray windowNotes() const { return m_host ? m_host->windowNotes() : QByteArray(); }
    /// What a session's file at `path` keeps of its runs, as they were gathered.
    std::shared_ptr<const SessionFile> sessionFile(std::vector<SessionSnapshot::Part> parts, const QString& path) const;

    /// From now on what is open is kept in `file` for the next start; asked again for the same file it goes on.
    SessionKeeper& keepIn(const QString& file);
    /// What is open is kept, or cannot be: the next closing closes.
    bool closesNow() const { return m_closesNow; }

signals:
    /// Another document or another run: experiment, baseline, title.
    void documentChanged();
    void modifiedChanged(bool modified);
    void failed(const QString& what, const QString& where);
    /// The draft has an error: nothing is trained.
    void draftRefused(const QString& problem);
    void opened(const QString& path);
    /// By addFile().
    void added(lab::Run* run);
    void saved(const QString& path);
    /// Runs that others took the place of are gone: which, and why.
    void madeRoom(const QString& sentence, const QString& detail);
    /// What a person should know of what was opened.
    void told(const QString& sentence, const QString& detail);
    void readyToClose();
    /// After documentChanged: settings edited but not yet trained, and what was looked at as windowNotes() gave it.
    void sessionOpened(const QByteArray& windowNotes);

private:
    /// What the document is while a run is the one shown.
    struct Document {
        Experiment experiment, draft, baseline;
        Experiment saved;  ///< the settings as they are in the file or preset
        QString path;
        std::string presetName;
        std::filesystem::path folder;  ///< data paths are relative to it
        std::int64_t savedStep = -1;   ///< of the checkpoint file; -1: not a checkpoint
        bool savesPast = false;        ///< the checkpoint file is a session
    };
    struct OpenRun {
        QPointer<Run> run;
        Document document;
        std::filesystem::path folder;  ///< what the paths in the run's own experiment are relative to
    };
    /// Another took its place, but it was trained.
    struct LeftRun {
        QPointer<Run> run;
        bool wasShown = false;
    };
    /// What was read of a document and found sound.
    struct Ready;
    struct Pasts;
    using Parts = std::vector<SessionSnapshot::Part>;
    using Written = std::vector<std::pair<QPointer<Run>, std::int64_t>>;  ///< runs with their steps

    // session.cpp
    Run* replaceAll(const LoadedTask& task, std::optional<TrainingState> start);
    std::vector<Run*> replaceAll(std::vector<RunToRestore> runs, std::size_t shown);
    void showTellingHead(const Run& run);
    /// Throw InputError; then nothing has changed.
    static Ready prepare(DocumentSource source, const Watch& watch = {});
    /// The first half of it, which is quick, and the second, which reads the data that the source names.
    static Ready begun(DocumentSource source);
    static void loadData(Ready& ready, const Watch& watch);
    static bool takesLong(const Ready& ready);
    /// Of what was begun; beside the window when its data take long.
    bool openLoaded(const QString& name, const QString& problem, Ready begun, const std::function<void()>& done);
    void open(Ready& ready);
    bool tryToOpen(const QString& what, const std::function<Ready()>& read, const std::function<void()>& afterwards = {});
    bool tryTo(const QString& what, const std::function<bool()>& action);
    void readBeside(const QString& name, const QString& problem, std::function<Ready(const Watch&)> read, std::function<void(Ready)> take);
    void openBeside(const QString& path);
    void openBeside(const QString& name, const QString& problem, std::function<Ready(const Watch&)> read, std::function<void()> done);
    void leaveOpening();
    /// Does it now, or after the answer's saving; false when it was not done (yet).
    bool askAndDo(const std::function<bool()>& action);
    Document besideDocument(const Experiment& settings) const;
    void takeRun(Run* run);
    void takeRun(Run* run, Experiment draft);
    void showRun(Run* run);
    void tellDocument(Run* run);
    void watch(Run* run);
    void branchFrom(const TrainingStatePtr& moment);
    void branchInto(const LoadedTask& task, const TrainingState& moment, const Experiment& draft);
    Run* startRun(const LoadedTask& task, const Experiment& draft);
    bool refusesDraft();
    void startAgain();
    LoadedTask shownTask() const;
    LoadedTask loadedDraft(const Experiment& draft) const;
    bool textIsToBeRead(const Experiment& draft) const;
    void readTextBeside(const QString& problem, std::function<void(const LoadedTask&, const Experiment&)> act,
                        const KeptTokenizer& tokenizer = {});
    void leaveReadingText();
    void tellModified();
    OpenRun* openRun(const Run* run);
    const OpenRun* openRun(const Run* run) const;

    // session_left.cpp
    bool isTrained(const Run& run) const;
    void leave(const std::vector<Run*>& runs);
    void makeRoomFor(const std::vector<LeftRun>& more);

    // session_saving.cpp
    static std::shared_ptr<Pasts> readPasts(const CheckpointFile& checkpoint);
    static void loadPasts(Pasts& pasts, const Watch& watch);
    void openPasts(Pasts& pasts);
    static void noteDocument(SessionRun& kept, const Document& document, const std::filesystem::path& folder);
    static Document documentOf(const SessionRun& kept, const LoadedTask& task, const std::filesystem::path& here,
                               const std::optional<QString>& ownFile);
    static std::vector<RunToRestore> preparedRuns(SessionFile& session, const std::filesystem::path& folder, std::vector<Message>& lost,
                                                  const Watch& watch);
    bool saveCheckpoint(const QString& path);
    void writeBest(const TrainingState* state);
    void giveUpBest();
    void writeState(const std::shared_ptr<const TrainingState>& state);
    void writeSession(Parts parts);
    void sessionWritten(const QString& path, const Written& written, const QString& error);
    void settleCheckpoint(const QString& path, std::int64_t step);
    void settle(const QString& path, const Experiment& settings, std::int64_t savedStep);

    Workspace& m_workspace;
    Focus& m_focus;
    SessionHost* m_host = nullptr;
    std::unique_ptr<SessionKeeper> m_keeper;
    SessionSnapshot m_snapshot;
    SessionWriter m_sessionWriter;
    JobPtr m_opening;                          ///< a large file or a long text that is being read
    std::optional<Experiment> m_readingDraft;  ///< its text is
    QString m_readingProblem;                  ///< what is said when that fails: what it is read for
    std::function<void(const LoadedTask&, const Experiment&)> m_whenRead;
    std::vector<OpenRun> m_runs;
    std::vector<LeftRun> m_left;     ///< the last one last
    bool m_branching = false;        ///< waits for a moment of m_run
    std::int64_t m_wantedStep = -1;  ///< of the moment that branching or saving the best waits for
    bool m_closesNow = false;
    bool m_restoredWhole = true;
    QPointer<Run> m_run;
    Document m_document;  ///< of m_run
    QString m_draftProblem;
    QString m_pendingPath;             ///< a checkpoint that waits for its state
    QString m_bestPath;                ///< one that waits for the state of the best step, or of one with adapters
    std::optional<Adapters> m_bestAs;  ///< how they are to be written there; nothing: as a whole state
    std::function<bool()> m_afterSaving;
    bool m_toldModified = false;
};

}  // namespace lab
