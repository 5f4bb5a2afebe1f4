#include "ui/documents/session.h"

#include <QFileInfo>
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/config/visitor.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "ui/documents/document_source.h"
#include "ui/documents/session_keeper.h"
#include "ui/text/message_text.h"

namespace lab {

namespace fs = std::filesystem;

Session::Session(Workspace& workspace, Focus& focus, QObject* parent) : QObject(parent), m_workspace(workspace), m_focus(focus) {
    connect(&m_focus, &Focus::runChanged, this, [this] { showRun(m_focus.run()); });
    // Who trains has answered the question whether to close.
    connect(&m_focus, &Focus::stepChanged, this, [this] {
        const Run* run = m_focus.run();
        if (run && run->step() > 0 && run->state() == Run::State::training) m_closesNow = false;
    });
}

Session::~Session() = default;

QString Session::title() const {
    if (!m_path.isEmpty()) return QFileInfo(m_path).fileName();
    return m_experiment.name.empty() ? tr("Untitled") : QString::fromStdString(m_experiment.name);
}

QString Session::shownTitle() const {
    return m_run && m_run->origin() ? m_run->name() : title();
}

// ---------------------------------------------------------------------------------------------------------------------- the draft

void Session::setDraft(const Experiment& draft, const QString& problem) {
    m_draft = draft;
    m_draftProblem = problem;
    tellModified();
}

bool Session::hasDraftChanges() const {
    return !differences(m_draft, m_experiment).empty();
}

bool Session::isModified() const {
    // A run of settings that are in a file or preset can be repeated bit for bit; only a checkpoint is more than its settings.
    const bool trainedOn = m_savedStep >= 0 && m_run && m_run->step() != m_savedStep;
    const OpenRun* open = openRun(m_run);
    return trainedOn || !differences(m_draft, open && open->beside ? m_experiment : m_saved).empty();
}

void Session::tellModified() {
    const bool modified = isModified();
    if (modified == m_toldModified) return;
    m_toldModified = modified;
    emit modifiedChanged(modified);
}

bool Session::refusesDraft() {
    if (m_draftProblem.isEmpty()) return false;
    emit failed(tr("The settings have an error"), m_draftProblem);
    return true;
}

// ---------------------------------------------------------------------------------------------------------------------- opening

bool Session::askAndDo(const std::function<bool()>& action) {
    if (!isModified()) return action();
    switch (m_host ? m_host->askAboutChanges(title()) : SessionHost::Answer::cancel) {
        case SessionHost::Answer::cancel:
            return false;
        case SessionHost::Answer::discard:
            return action();
        case SessionHost::Answer::save:
            break;
    }
    if (!save()) return false;
    if (m_pendingPath.isEmpty()) return action();
    // The state comes from the training thread; it must not go on meanwhile, or there would again be something to save.
    m_run->pause();
    m_afterSaving = action;
    return false;
}

bool Session::newExperiment() {
    return askAndDo([this] {
        return tryToOpen(tr("A new experiment cannot be made"), [] {
            DocumentSource source;
            source.experiment.name = tr("New experiment").toStdString();
            return source;
        });
    });
}

bool Session::openPreset(const std::string& name) {
    return askAndDo([this, name] {
        return tryToOpen(tr("The preset %1 cannot be opened").arg(QString::fromStdString(name)), [name] { return presetSource(name); });
    });
}

bool Session::openFile(const QString& path) {
    return askAndDo([this, path] {
        const QString what = tr("%1 cannot be opened").arg(QFileInfo(path).fileName());
        if (!tryToOpen(what, [&path] { return readDocument(pathOf(path)); })) return false;
        emit opened(path);
        return true;
    });
}

std::vector<Run*> Session::openTogether(const std::vector<Experiment>& settings) {
    std::vector<Run*> runs;
    askAndDo([&] {
        const bool opened = tryToOpen(tr("The comparison cannot be opened"), [&settings] {
            DocumentSource source;
            source.experiment = settings.front();
            return source;
        });
        if (!opened) return false;
        runs = addBeside({settings.begin() + 1, settings.end()});
        runs.insert(runs.begin(), m_run);
        return true;
    });
    return runs;
}

Run* Session::openTask(const LoadedTask& task, std::optional<TrainingState> start) {
    m_path.clear();
    m_presetName.clear();
    m_draft = m_baseline = m_saved = editableSettings(task.experiment, task, m_folder);
    m_savedStep = -1;
    m_savesPast = false;
    takeRun(replaceAll(task, std::move(start)));
    return m_run;
}

bool Session::tryToOpen(const QString& what, const std::function<DocumentSource()>& read) {
    try {
        open(read());
        return true;
    } catch (const std::exception& error) {
        emit failed(what, sentenceOf(error));
    }
    return false;
}

void Session::open(const DocumentSource& source) {
    if (source.session) return openPasts(*source.session, true);
    const LoadedTask task = loadTask(source.experiment, source.folder);
    requireMemory(task);
    const Experiment settings = editableSettings(source.experiment, task, source.folder);
    m_path = source.path;
    m_presetName = source.presetName;
    m_folder = source.folder;
    m_draft = settings;
    m_baseline = m_saved = settings;
    m_savedStep = source.savedStep;
    m_savesPast = false;
    takeRun(replaceAll(task, source.state));
    // Its weights can be looked at all the same.
    if (const Message difference = dataDifference(source.notes, task); !difference.empty()) emit failed(title(), shown(difference));
}

Run* Session::replaceAll(const LoadedTask& task, std::optional<TrainingState> start) {
    const std::vector<Run*> before = m_workspace.runs();
    Run* run = m_workspace.add(task, std::move(start));
    m_focus.setRun(run);
    showTellingHead(*run);
    for (Run* other : before) m_workspace.remove(other);
    return run;
}

/// Those before go first: the histories share one budget, and what comes back must not be thinned for what goes.
std::vector<Run*> Session::replaceAll(std::vector<RunToRestore> runs, std::size_t shown) {
    for (Run* other : std::vector<Run*>(m_workspace.runs())) m_workspace.remove(other);
    std::vector<Run*> restored;
    for (RunToRestore& run : runs) restored.push_back(restore(m_workspace, std::move(run)));
    m_focus.setRun(restored.at(shown));
    return restored;
}

/// In an encoder-decoder the last cross-attention shows best how input and answer belong together; elsewhere the first head will do.
void Session::showTellingHead(const Run& run) {
    const auto& blocks = run.model()->attentionBlocks();
    for (std::size_t b = blocks.size(); b-- > 0;)
        if (blocks[b].cross) return m_focus.select({static_cast<int>(b), 0, 0, 0});
}

// ---------------------------------------------------------------------------------------------------------------------- the runs

Session::OpenRun* Session::openRun(const Run* run) {
    return const_cast<OpenRun*>(std::as_const(*this).openRun(run));
}

const Session::OpenRun* Session::openRun(const Run* run) const {
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [run](const OpenRun& each) { return run && each.run == run; });
    return found == m_runs.end() ? nullptr : &*found;
}

void Session::takeRun(Run* run) {
    m_run = run;
    m_experiment = m_draft;
    m_draftProblem.clear();
    m_branching = false;
    m_pendingPath.clear();
    std::erase_if(m_runs, [](const OpenRun& each) { return !each.run; });
    m_runs.push_back({run, m_experiment, m_path, m_savedStep, m_folder});
    watch(run);
    emit documentChanged();
    tellModified();
}

/// Another of the runs that were started here is looked at: the document is its.
void Session::showRun(Run* run) {
    const OpenRun* open = openRun(run);
    if (!open || run == m_run) return;
    m_run = run;
    m_path = open->path;
    m_savedStep = open->savedStep;
    m_experiment = m_draft = open->experiment;
    m_draftProblem.clear();
    m_branching = false;
    m_pendingPath.clear();
    emit documentChanged();
    tellModified();
}

void Session::watch(Run* run) {
    connect(run, &Run::stateAtReady, this, [this, run](const TrainingStatePtr& moment) {
        if (m_branching && run == m_run) branchFrom(*moment);
    });
    connect(run, &Run::replayFailed, this, [this, run](const QString& message) {
        if (m_branching && run == m_run) emit failed(tr("The step cannot be recomputed"), message);
    });
    connect(run, &Run::metricsExtended, this, &Session::tellModified);
    connect(run, &Run::wasReset, this, [this, run] {
        tellModified();
        // The answer to a request before it is one of another time.
        if (!m_pendingPath.isEmpty() && !m_savesPast && run == m_run) run->requestState();
    });
    connect(run, &Run::stateReady, this, &Session::writeState);
}

// ---------------------------------------------------------------------------------------------------------------------- training

void Session::train() {
    if (trainDraft()) return;
    if (Run* run = m_focus.run()) run->train();
}

/// An error in the settings keeps a training from starting at all: the person sees what is trained.
bool Session::trainDraft() {
    if (refusesDraft()) return true;
    if (!hasDraftChanges()) return false;
    if (Run* run = startNewRun()) run->train();
    return true;
}

/// Saving another run must not replace the checkpoint that it came from.
void Session::startAgain() {
    if (m_savedStep >= 0) m_path.clear();
    m_savedStep = -1;
}

Run* Session::startNewRun() {
    try {
        const LoadedTask task = loadTask(m_draft, m_folder);
        requireMemory(task);
        startAgain();
        takeRun(replaceAll(task, std::nullopt));
        return m_run;
    } catch (const std::exception& error) {
        emit failed(tr("The new run cannot be started"), sentenceOf(error));
        return nullptr;
    }
}

void Session::continueFrom(std::int64_t step) {
    if (!m_run || refusesDraft()) return;
    m_branching = true;
    m_run->requestStateAt(step);
}

void Session::branchFrom(const TrainingState& moment) {
    m_branching = false;
    try {
        const Experiment& parent = m_run->experiment();
        const LoadedTask task = hasDraftChanges() ? loadTask(m_draft, m_folder) : LoadedTask{parent, m_run->dataset()};
        requireMemory(task);
        TrainingState start = branchState(moment, parent, task.experiment);
        startAgain();
        m_run->pause();
        Run* branch = m_workspace.addBranch(task, std::move(start), {m_run->name(), moment.step});
        m_focus.setRun(branch);
        takeRun(branch);
        branch->train();
    } catch (const std::exception& error) {
        emit failed(tr("The run cannot continue from step %1 like this").arg(moment.step), sentenceOf(error));
    }
}

std::vector<Run*> Session::addBeside(const std::vector<Experiment>& settings) {
    std::vector<LoadedTask> tasks;
    try {
        double promised = 0;
        for (const Experiment& each : settings) {
            tasks.push_back(loadTask(each, m_folder));
            requireMemory(tasks.back(), promised);
            promised += trainingBytes(tasks.back());
        }
    } catch (const std::exception& error) {
        emit failed(tr("The run cannot be made"), sentenceOf(error));
        return {};
    }
    std::vector<Run*> runs;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        Run* run = m_workspace.add(tasks[i]);
        m_runs.push_back({run, settings[i], {}, -1, m_folder, true});
        watch(run);
        runs.push_back(run);
    }
    return runs;
}

void Session::adopt(Run* run, const fs::path& folder) {
    m_runs.push_back({run, editableSettings(run->experiment(), {run->experiment(), run->dataset()}, folder), {}, -1, folder, true});
    watch(run);
}

// ---------------------------------------------------------------------------------------------------------------------- closing

SessionKeeper& Session::keepIn(const QString& file) {
    m_keeper = std::make_unique<SessionKeeper>(*this, file);
    return *m_keeper;
}

/// What is kept for the next start is written before the window goes, so that a full disk is told while there is someone to read it.
/// Closing once more closes without it.
bool Session::mayClose() {
    if (m_closesNow) return true;
    const auto atOnce = std::make_shared<bool>(true);
    const bool may = askAndDo([this, atOnce] {
        if (!*atOnce) emit readyToClose();
        return true;
    });
    *atOnce = false;
    if (!may) return false;
    if (!m_keeper || !m_keeper->isWorthKeeping()) return true;
    for (Run* run : m_workspace.runs()) run->pause();
    m_keeper->saveThen([this](const QString& error) {
        m_closesNow = true;
        if (error.isEmpty()) emit readyToClose();
    });
    return false;
}

}  // namespace lab
