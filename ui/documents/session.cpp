#include "ui/documents/session.h"

#include <QFileInfo>
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/data/text_loading.h"
#include "core/tasks/model_tokens.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "ui/documents/document_source.h"
#include "ui/documents/ready_document.h"
#include "ui/documents/session_keeper.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"

namespace lab {

namespace fs = std::filesystem;

namespace {

/// What training it takes is asked when it is to be trained.
bool isLookedAtFirst(const Experiment& experiment) {
    return experiment.task.kind->source == TaskSource::sentences;
}

/// Its weights are what it was opened for.
bool goesOnWithWeights(const Run* run) {
    return run && (madeElsewhere(run->experiment().task) || isLookedAtFirst(run->experiment()));
}

QString notOpened(const QString& path) {
    return Session::tr("%1 cannot be opened").arg(QFileInfo(path).fileName());
}

}  // namespace

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
    if (!m_document.path.isEmpty()) return QFileInfo(m_document.path).fileName();
    return m_document.experiment.name.empty() ? tr("Untitled") : experimentText(m_document.experiment.name);
}

QString Session::shownTitle() const {
    return m_run && m_run->origin() ? m_run->name() : title();
}

// ---------------------------------------------------------------------------------------------------------------------- the draft

void Session::setDraft(const Experiment& draft, const QString& problem) {
    m_document.draft = draft;
    m_draftProblem = problem;
    tellModified();
}

bool Session::hasDraftChanges() const {
    return !differences(m_document.draft, m_document.experiment).empty();
}

bool Session::isModified() const {
    if (!differences(m_document.draft, m_document.saved).empty()) return true;
    // A run of settings that are in a file or preset can be repeated bit for bit; only a checkpoint is more than its settings.
    if (saves() != Saves::session) return m_document.savedStep >= 0 && m_run && m_run->step() != m_document.savedStep;
    const auto& runs = m_workspace.runs();
    return !std::all_of(runs.begin(), runs.end(), [this](const Run* run) {
        const OpenRun* open = openRun(run);
        return open && open->document.path == m_document.path && open->document.savedStep == run->step();
    });
}

Session::Saves Session::saves() const {
    if (m_document.savedStep < 0 && !isCheckpoint(m_document.path)) return Saves::settings;
    return m_document.savesPast ? Saves::session : Saves::run;
}

void Session::tellModified() {
    const bool modified = isModified();
    if (modified == m_toldModified) return;
    m_toldModified = modified;
    emit modifiedChanged(modified);
}

bool Session::refusesDraft() {
    if (m_draftProblem.isEmpty()) return false;
    emit draftRefused(m_draftProblem);
    return true;
}

// ---------------------------------------------------------------------------------------------------------------------- opening

bool Session::askAndDo(const std::function<bool()>& action) {
    const auto act = [this, action] {
        leaveOpening();
        return action();
    };
    if (!isModified()) return act();
    switch (m_host ? m_host->askAboutChanges(title()) : SessionHost::Answer::cancel) {
        case SessionHost::Answer::cancel:
            return false;
        case SessionHost::Answer::discard:
            return act();
        case SessionHost::Answer::save:
            break;
    }
    if (!save()) return false;
    if (m_pendingPath.isEmpty()) return act();
    // The state comes from the training thread; it must not go on meanwhile, or there would again be something to save.
    m_run->pause();
    m_afterSaving = act;
    return false;
}

bool Session::newExperiment() {
    return tryToOpen(tr("A new experiment cannot be made"), [] {
        DocumentSource source;
        source.experiment.name = tr("New experiment").toStdString();
        return prepare(std::move(source));
    });
}

bool Session::openPreset(const std::string& name) {
    return tryToOpen(tr("The preset %1 cannot be opened").arg(QString::fromStdString(name)),
                     [&name] { return prepare(presetSource(name)); });
}

bool Session::openFile(const QString& path) {
    if (takesLongToRead(path)) {
        openBeside(path);
        return false;
    }
    return tryTo(notOpened(path), [&] {
        return openLoaded(QFileInfo(path).fileName(), notOpened(path), begun(readDocument(pathOf(path))),
                          [this, path] { emit opened(path); });
    });
}

bool Session::openLoaded(const QString& name, const QString& problem, Ready begun, const std::function<void()>& done) {
    const auto held = std::make_shared<Ready>(std::move(begun));
    const auto loaded = [held](const Watch& watch) {
        loadData(*held, watch);
        return std::move(*held);
    };
    if (!takesLong(*held))
        return tryToOpen(
            problem, [&loaded] { return loaded({}); }, done);
    openBeside(name, problem, loaded, done);
    return false;
}

void Session::openBeside(const QString& path) {
    openBeside(
        QFileInfo(path).fileName(), notOpened(path), [path](const Watch& watch) { return prepare(readDocument(pathOf(path), watch)); },
        [this, path] { emit opened(path); });
}

bool Session::openSettings(const Experiment& experiment, const std::filesystem::path& folder, const LoadedTask& known) {
    return tryToOpen(notOpened(experimentText(experiment.name)), [&] {
        Ready ready;
        ready.source.experiment = experiment;
        ready.source.folder = folder;
        ready.task = loadTask(experiment, folder, known);
        requireTrainable(ready.task);
        return ready;
    });
}

void Session::readBeside(const QString& name, const QString& problem, std::function<Ready(const Watch&)> read,
                         std::function<void(Ready)> take) {
    using Read = std::shared_ptr<Ready>;
    leaveOpening();
    m_opening = m_workspace.jobs().submit(tr("Open %1").arg(name), {}, [read = std::move(read)](JobContext& context) -> Read {
        return std::make_shared<Ready>(read(watchOf(context)));
    });
    connect(m_opening.get(), &Job::failed, this, [this, problem](const QString& why) { emit failed(problem, why); });
    connect(m_opening.get(), &Job::finished, this, [this, take = std::move(take)] {
        const Read ready = *std::exchange(m_opening, nullptr)->result<Read>();
        // The job stays listed: it must not keep the file's data.
        take(std::exchange(*ready, {}));
    });
}

/// What is open stays until all that is to come is there.
void Session::openBeside(const QString& name, const QString& problem, std::function<Ready(const Watch&)> read, std::function<void()> done) {
    readBeside(name, problem, std::move(read), [this, problem, done = std::move(done)](Ready ready) {
        tryToOpen(
            problem, [&ready] { return std::move(ready); }, done);
    });
}

void Session::addFile(const QString& path) {
    readBeside(
        QFileInfo(path).fileName(), notOpened(path),
        [path](const Watch& watch) { return prepare(readDocument(pathOf(path), watch), watch); },
        [this, path](Ready ready) {
            if (ready.pasts) return emit failed(notOpened(path), tr("It holds several runs: open it in the place of what is open."));
            Run* run = m_workspace.add(ready.task, std::move(ready.source.state));
            adopt(run, ready.source.folder);
            tellModified();
            emit added(run);
        });
}

/// Something else is opened, or the window closes.
void Session::leaveOpening() {
    if (const JobPtr job = std::exchange(m_opening, nullptr)) job->cancel();
    m_readingDraft.reset();
    m_whenRead = nullptr;
}

/// Its run would be one of what is no longer shown.
void Session::leaveReadingText() {
    if (m_readingDraft) leaveOpening();
}

std::vector<Run*> Session::openTogether(const std::vector<Experiment>& settings) {
    const auto runs = std::make_shared<std::vector<Run*>>();
    tryToOpen(
        tr("The comparison cannot be opened"),
        [&settings] {
            DocumentSource source;
            source.experiment = settings.front();
            return prepare(std::move(source));
        },
        [this, settings, runs] {
            *runs = addBeside({settings.begin() + 1, settings.end()});
            runs->insert(runs->begin(), m_run);
        });
    return *runs;
}

Run* Session::openTask(const LoadedTask& task, std::optional<TrainingState> start) {
    m_document.path.clear();
    m_document.presetName.clear();
    m_document.draft = m_document.baseline = m_document.saved = editableSettings(task.experiment, task, m_document.folder);
    m_document.savedStep = -1;
    m_document.savesPast = false;
    takeRun(replaceAll(task, std::move(start)));
    return m_run;
}

bool Session::tryTo(const QString& what, const std::function<bool()>& action) {
    try {
        return action();
    } catch (const std::exception& error) {
        emit failed(what, sentenceOf(error));
    }
    return false;
}

/// Nobody is asked about changes for a file that cannot be opened anyway.
bool Session::tryToOpen(const QString& what, const std::function<Ready()>& read, const std::function<void()>& afterwards) {
    return tryTo(what, [&] {
        const auto ready = std::make_shared<Ready>(read());
        return askAndDo([this, what, ready, afterwards] {
            return tryTo(what, [&] {
                open(*ready);
                if (afterwards) afterwards();
                return true;
            });
        });
    });
}

Session::Ready Session::prepare(DocumentSource source, const Watch& watch) {
    Ready ready = begun(std::move(source));
    loadData(ready, watch);
    return ready;
}

Session::Ready Session::begun(DocumentSource source) {
    Ready ready{std::move(source), {}, nullptr};
    if (ready.source.session) ready.pasts = readPasts(*ready.source.session);
    return ready;
}

void Session::loadData(Ready& ready, const Watch& watch) {
    if (ready.pasts) return loadPasts(*ready.pasts, watch);
    ready.task = loadSavedTask(ready.source.experiment, ready.source.tokenizer, ready.source.folder, watch);
    if (!isLookedAtFirst(ready.task.experiment)) requireTrainable(ready.task);
}

bool Session::takesLong(const Ready& ready) {
    if (!ready.pasts) return takesLongToLoad(ready.source.experiment, ready.source.folder);
    return std::ranges::any_of(ready.pasts->session.runs, [folder = folderOf(ready.pasts->file)](const SessionRun& run) {
        const std::size_t kept = textBytesOf(run);
        return kept > 0 ? takesLongToCut(kept) : takesLongToLoad(run.experiment, folder);
    });
}

void Session::open(Ready& ready) {
    if (ready.pasts) return openPasts(*ready.pasts);
    const DocumentSource& source = ready.source;
    const Experiment settings = editableSettings(source.experiment, ready.task, source.folder);
    m_document = {settings, settings, settings, settings, source.path, source.presetName, source.folder, source.savedStep, false};
    takeRun(replaceAll(ready.task, std::exchange(ready.source.state, std::nullopt)));  // those of a large model are there once
    if (source.input) m_focus.setInput(*source.input);
    if (!source.said.empty()) emit told(tr("%1 was made elsewhere").arg(title()), shown(Message::joined(source.said)));
    // Its weights can be looked at all the same.
    if (const Message difference = dataDifference(source.notes, ready.task); !difference.empty()) emit failed(title(), shown(difference));
}

Run* Session::replaceAll(const LoadedTask& task, std::optional<TrainingState> start) {
    const std::vector<Run*> before = m_workspace.runs();
    Run* run = m_workspace.add(task, std::move(start));
    m_focus.setRun(run);
    showTellingHead(*run);
    leave(before);
    return run;
}

/// Those before go first: the histories share one budget, and what comes back must not be thinned for what goes.
std::vector<Run*> Session::replaceAll(std::vector<RunToRestore> runs, std::size_t shown) {
    leave(std::vector<Run*>(m_workspace.runs()));
    std::vector<Run*> restored;
    for (RunToRestore& run : runs) restored.push_back(restore(m_workspace, std::move(run)));
    m_focus.setRun(restored.at(shown));
    return restored;
}

/// In an encoder-decoder the last cross-attention shows best how input and answer belong together; elsewhere the first head will do.
void Session::showTellingHead(const Run& run) {
    const auto& blocks = run.model()->attentionBlocks();
    for (std::size_t b = blocks.size(); b-- > 0;)
        if (blocks[b].cross) return m_focus.suggest({static_cast<int>(b), 0, 0, 0});
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
    takeRun(run, m_document.draft);
}

/// A run of this draft; what was edited since is the draft now.
void Session::takeRun(Run* run, Experiment draft) {
    const Experiment newer = std::exchange(m_document.draft, draft);
    m_document.experiment = std::move(draft);
    std::erase_if(m_runs, [](const OpenRun& each) { return !each.run; });
    m_runs.push_back({run, m_document, m_document.folder});
    m_document.draft = newer;
    watch(run);
    tellDocument(run);
}

/// Another of the runs that were started here is looked at: the document is its.
void Session::showRun(Run* run) {
    const OpenRun* open = openRun(run);
    if (!open || run == m_run) return;
    leaveReadingText();
    std::erase_if(m_left, [run](const LeftRun& each) { return each.run == run; });
    if (OpenRun* left = openRun(m_run)) left->document = m_document;
    m_document = open->document;
    tellDocument(run);
}

void Session::tellDocument(Run* run) {
    m_run = run;
    m_draftProblem.clear();
    m_branching = false;
    m_pendingPath.clear();
    giveUpBest();
    emit documentChanged();
    tellModified();
}

void Session::watch(Run* run) {
    connect(run, &Run::stateAtReady, this, [this, run](const TrainingStatePtr& moment) {
        if (run != m_run || moment->step != m_wantedStep) return;
        if (!m_bestPath.isEmpty()) return writeBest(moment.get());
        if (m_branching) branchFrom(moment);
    });
    connect(run, &Run::replayFailed, this, [this, run](const QString& message) {
        if (run != m_run) return;
        if (!m_bestPath.isEmpty()) return writeBest(nullptr);
        if (m_branching) emit failed(tr("The step cannot be recomputed"), message);
    });
    connect(run, &Run::metricsExtended, this, &Session::tellModified);
    connect(run, &Run::wasReset, this, [this, run] {
        tellModified();
        if (run == m_run) giveUpBest();
        // The answer to a request before it is one of another time.
        if (!m_pendingPath.isEmpty() && !m_document.savesPast && run == m_run) run->requestState();
    });
    connect(run, &Run::stateReady, this, &Session::writeState);
}

// ---------------------------------------------------------------------------------------------------------------------- training

void Session::train() {
    if (trainDraft()) return;
    Run* run = m_focus.run();
    if (!run) return;
    tryTo(tr("%1 cannot be trained").arg(run->name()), [run] {
        if (isLookedAtFirst(run->experiment())) requireTrainable({run->experiment(), run->dataset()});
        run->train();
        return true;
    });
}

/// An error in the settings keeps a training from starting at all: the person sees what is trained.
bool Session::trainDraft() {
    if (refusesDraft()) return true;
    if (!hasDraftChanges()) return false;
    if (goesOnWithWeights(m_run))
        continueFrom(m_run->step());
    else
        startNewRun(true);
    return true;
}

/// Saving another run must not replace the checkpoint that it came from.
void Session::startAgain() {
    if (m_document.savedStep >= 0) m_document.path.clear();
    m_document.savedStep = -1;
}

LoadedTask Session::shownTask() const {
    return {m_run->experiment(), m_run->dataset()};
}

LoadedTask Session::loadedDraft(const Experiment& draft) const {
    if (!m_run) return loadTask(draft, m_document.folder);
    if (madeElsewhere(draft.task)) return loadBranchTask(draft, m_document.folder, shownTask());
    return loadTask(draft, m_document.folder, shownTask());
}

/// It is long, and no run that is shown has it.
bool Session::textIsToBeRead(const Experiment& draft) const {
    if (!takesLongToLoad(draft, m_document.folder)) return false;
    validate(draft);
    return !m_run || !textInCommon(resolved(draft), shownTask());
}

/// What is open stays until the draft's text is there; `act` gets the draft as it was.
void Session::readTextBeside(const QString& problem, std::function<void(const LoadedTask&, const Experiment&)> act,
                             const KeptTokenizer& tokenizer) {
    const bool underWay =
        isReading() && m_readingDraft && m_readingProblem == problem && differences(*m_readingDraft, m_document.draft).empty();
    if (!underWay) {
        leaveOpening();
        using Read = std::shared_ptr<LoadedTask>;
        const Experiment draft = m_document.draft;
        m_opening = m_workspace.jobs().submit(
            tr("Read the text of %1").arg(title()), {}, [draft, folder = m_document.folder, tokenizer](JobContext& context) -> Read {
                auto task = std::make_shared<LoadedTask>(loadSavedTask(draft, tokenizer, folder, watchOf(context)));
                requireTrainable(*task);
                return task;
            });
        m_readingDraft = draft;
        m_readingProblem = problem;
        connect(m_opening.get(), &Job::failed, this, [this, problem](const QString& why) { emit failed(problem, why); });
        connect(m_opening.get(), &Job::cancelled, this, [this] { m_whenRead = nullptr; });
        connect(m_opening.get(), &Job::finished, this, [this] {
            // The job stays listed: it must not keep the text.
            const LoadedTask task = std::exchange(**std::exchange(m_opening, nullptr)->result<Read>(), {});
            const Experiment read = *std::exchange(m_readingDraft, std::nullopt);
            std::exchange(m_whenRead, nullptr)(task, read);
        });
    }
    m_whenRead = std::move(act);
}

Run* Session::startRun(const LoadedTask& task, const Experiment& draft) {
    startAgain();
    Run* run = replaceAll(task, std::nullopt);
    takeRun(run, draft);
    return run;
}

Run* Session::startNewRun(bool trains) {
    const QString problem = tr("The new run cannot be started");
    const auto start = [this, trains, problem](const LoadedTask& task, const Experiment& draft) {
        tryTo(problem, [&] {
            Run* run = startRun(task, draft);
            if (trains) run->train();
            return true;
        });
    };
    const bool started = tryTo(problem, [&] {
        if (textIsToBeRead(m_document.draft)) return readTextBeside(problem, start), false;
        const LoadedTask task = loadedDraft(m_document.draft);
        requireTrainable(task);
        Run* run = startRun(task, m_document.draft);
        if (trains) run->train();
        return true;
    });
    return started ? m_run : nullptr;
}

void Session::continueFrom(std::int64_t step) {
    if (!m_run || refusesDraft()) return;
    giveUpBest();
    m_branching = true;
    m_wantedStep = step;
    m_run->requestStateAt(step);
}

void Session::branchFrom(const TrainingStatePtr& moment) {
    m_branching = false;
    const QString problem = tr("The run cannot continue from step %1 like this").arg(moment->step);
    const auto branch = [this, moment, problem](const LoadedTask& task, const Experiment& draft) {
        tryTo(problem, [&] { return branchInto(task, *moment, draft), true; });
    };
    tryTo(problem, [&] {
        if (!hasDraftChanges()) return branch(shownTask(), m_document.draft), true;
        const Experiment& draft = m_document.draft;
        if (textIsToBeRead(draft)) return readTextBeside(problem, branch, tokenizerOfBranch(draft, shownTask())), false;
        branch(loadBranchTask(draft, m_document.folder, shownTask()), draft);
        return true;
    });
}

void Session::branchInto(const LoadedTask& task, const TrainingState& moment, const Experiment& draft) {
    requireTrainable(task);
    TrainingState start = branchState(moment, m_run->experiment(), task.experiment);
    startAgain();
    m_run->pause();
    Run* branch = m_workspace.addBranch(task, std::move(start), {m_run->name(), moment.step});
    m_focus.setRun(branch);
    takeRun(branch, draft);
    branch->train();
}

/// Its settings are nobody's unsaved changes.
Session::Document Session::besideDocument(const Experiment& settings) const {
    return {settings, settings, m_document.baseline, settings, {}, m_document.presetName, m_document.folder, -1, false};
}

std::vector<Run*> Session::addBeside(const std::vector<Experiment>& settings) {
    std::vector<LoadedTask> tasks;
    try {
        double promised = 0;
        for (const Experiment& each : settings) {
            if (textIsToBeRead(each))
                throw InputError("task.path",
                                 Message::verbatim(tr("this text is not open yet: start a new run with it first").toStdString()));
            tasks.push_back(loadedDraft(each));
            requireTrainable(tasks.back(), promised);
            promised += trainingBytes(tasks.back());
        }
    } catch (const std::exception& error) {
        emit failed(tr("The run cannot be made"), sentenceOf(error));
        return {};
    }
    std::vector<Run*> runs;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        Run* run = m_workspace.add(tasks[i]);
        m_runs.push_back({run, besideDocument(settings[i]), m_document.folder});
        watch(run);
        runs.push_back(run);
    }
    tellModified();
    return runs;
}

void Session::adopt(Run* run, const fs::path& folder) {
    Document beside = besideDocument(editableSettings(run->experiment(), {run->experiment(), run->dataset()}, folder));
    beside.folder = folder;
    m_runs.push_back({run, std::move(beside), folder});
    watch(run);
}

// ---------------------------------------------------------------------------------------------------------------------- closing

SessionKeeper& Session::keepIn(const QString& file) {
    if (!m_keeper || m_keeper->askedFile() != file) m_keeper = std::make_unique<SessionKeeper>(*this, file);
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
