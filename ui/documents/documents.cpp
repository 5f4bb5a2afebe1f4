#include "ui/documents/documents.h"

#include <QFileInfo>
#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/config/derive.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/pairs_experiment.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "ui/runs/run_session.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

fs::path toPath(const QString& path) {
    return pathFromUtf8(path.toStdString());
}

bool isCheckpoint(const QString& path) {
    return QFileInfo(path).suffix().compare(QLatin1String("safetensors"), Qt::CaseInsensitive) == 0;
}

/// Why something did not go, for a person.
QString sentenceOf(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error)) return Documents::tr("There is not enough memory for it.");
    return shown(messageOf(error));
}

/// The settings as a person edits them: what would be worked out anyway is absent, so that it follows the others.
Experiment editable(const Experiment& experiment, const LoadedTask& task, const fs::path& folder) {
    if (experiment.task.kind->isBuiltIn()) return withoutDerived(experiment);
    Experiment bare = experiment;
    for (const FieldInfo& field : fieldTable())
        if (field.presence == Presence::derived) field.put(bare, FieldValue());
    try {
        const LoadedTask again = loadTask(bare, folder);
        return differences(again.experiment, task.experiment).empty() ? bare : experiment;
    } catch (const InputError&) {
        return experiment;  // a session brings its pairs along to where their file is not
    }
}

/// A checkpoint continues where it was saved; one without moments begins with its weights.
TrainingState stateOf(const CheckpointFile& checkpoint) {
    const Model model(checkpoint.experiment.model);
    const UpdateRule& rule = *checkpoint.experiment.training.optimizer.kind;
    return checkpoint.isState() ? trainingStateOf(checkpoint, model.layout(), rule)
                                : startingState(weightsOf(checkpoint, model.layout()), rule);
}

void write(const QString& path, const Run& run, const Experiment& experiment, const TrainingState& state) {
    writeCheckpoint(toPath(path), experiment, run.dataset()->tokenizer().words(), run.model()->layout(), state);
}

fs::path folderOf(const QString& path) {
    return fs::absolute(toPath(path)).parent_path();
}

// What a session notes of each run, and of the one that is shown.
const std::string pathNote = "path";
const std::string savedStepNote = "saved_step";
const std::string presetNote = "preset";
const std::string baselineNote = "baseline";
const std::string draftNote = "draft";
const std::string savesPastNote = "saves_past";

std::string noteOf(const SessionRun& run, const std::string& key) {
    const auto note = run.notes.find(key);
    return note == run.notes.end() ? std::string() : note->second;
}

std::int64_t savedStepOf(const SessionRun& run) {
    return parseInteger(noteOf(run, savedStepNote)).value_or(-1);
}

/// Settings that a session notes; `otherwise` when there are none.
Experiment notedExperiment(const SessionRun& run, const std::string& key, const Experiment& otherwise, const fs::path& from,
                           const fs::path& to) {
    const std::string text = noteOf(run, key);
    return text.empty() ? otherwise : relocated(parseExperiment(text), from, to);
}

}  // namespace

/// A document as it was read, before anything is built of it.
struct Documents::Source {
    Experiment experiment;
    fs::path folder;
    QString path;
    std::optional<TrainingState> state;
    std::int64_t savedStep = -1;
    std::string presetName;
    std::shared_ptr<const CheckpointFile> session;  ///< if it is one: then the rest is not there
};

Documents::Documents(RunStarter starter, QObject* parent) : QObject(parent), m_start(std::move(starter)) {}

Documents::~Documents() = default;

QString Documents::title() const {
    if (!m_path.isEmpty()) return QFileInfo(m_path).fileName();
    return m_experiment.name.empty() ? tr("Untitled") : QString::fromStdString(m_experiment.name);
}

void Documents::setDraft(const Experiment& draft) {
    m_draft = draft;
    tellModified();
}

bool Documents::hasDraftChanges() const {
    return !differences(m_draft, m_experiment).empty();
}

bool Documents::isModified() const {
    // A run of settings that are in a file or preset can be repeated bit for bit; only a checkpoint is more than its settings.
    const bool trainedOn = m_savedStep >= 0 && m_run && m_run->step() != m_savedStep;
    const bool beside = std::any_of(m_runs.begin(), m_runs.end(), [this](const OpenRun& each) { return each.run == m_run && each.beside; });
    return trainedOn || !differences(m_draft, beside ? m_experiment : m_saved).empty();
}

void Documents::tellModified() {
    const bool modified = isModified();
    if (modified == m_toldModified) return;
    m_toldModified = modified;
    emit modifiedChanged(modified);
}

bool Documents::askAndDo(const std::function<bool()>& action) {
    if (!isModified()) return action();
    switch (m_question ? m_question(title()) : Answer::cancel) {
        case Answer::cancel:
            return false;
        case Answer::discard:
            return action();
        case Answer::save:
            break;
    }
    if (!save()) return false;
    if (m_pendingPath.isEmpty()) return action();
    // The state comes from the training thread; it must not go on meanwhile, or there would again be something to save.
    m_run->pause();
    m_afterSaving = action;
    return false;
}

bool Documents::newExperiment() {
    return askAndDo([this] {
        return tryToOpen(tr("A new experiment cannot be made"), [] {
            Source source;
            source.experiment.name = tr("New experiment").toStdString();
            return source;
        });
    });
}

bool Documents::openPreset(const std::string& name) {
    return askAndDo([this, name] {
        return tryToOpen(tr("The preset %1 cannot be opened").arg(QString::fromStdString(name)), [name] {
            const Preset* preset = findPreset(name);
            if (!preset) throw InputError(name, LAB_TEXT("files", "no such preset"));
            Source source;
            source.experiment = parseExperiment(preset->json);
            source.presetName = name;
            return source;
        });
    });
}

bool Documents::openFile(const QString& path) {
    return askAndDo([this, path] {
        const QString what = tr("%1 cannot be opened").arg(QFileInfo(path).fileName());
        if (!tryToOpen(what, [&path] { return readSource(toPath(path)); })) return false;
        emit opened(path);
        return true;
    });
}

bool Documents::mayClose() {
    const auto atOnce = std::make_shared<bool>(true);
    const bool may = askAndDo([this, atOnce] {
        if (!*atOnce) emit readyToClose();
        return true;
    });
    *atOnce = false;
    return may;
}

bool Documents::tryToOpen(const QString& what, const std::function<Source()>& read) {
    try {
        open(read());
        return true;
    } catch (const std::exception& error) {
        emit failed(what, sentenceOf(error));
    }
    return false;
}

Documents::Source Documents::readSource(const fs::path& path) {
    Source source;
    source.folder = fs::absolute(path).parent_path();
    if (isCheckpoint(QString::fromStdString(utf8Text(path)))) {
        auto checkpoint = std::make_shared<const CheckpointFile>(readCheckpoint(path));
        if (isSession(*checkpoint)) {
            source.session = std::move(checkpoint);
            return source;
        }
        source.experiment = checkpoint->experiment;
        source.state = stateOf(*checkpoint);
        source.savedStep = source.state->step;
    } else if (isPairsFile(path)) {
        source.experiment = experimentOnPairs(path);
        return source;  // not a document yet: it has no file of its own
    } else {
        source.experiment = loadExperiment(path);
    }
    source.path = QString::fromStdString(utf8Text(fs::absolute(path)));
    return source;
}

void Documents::open(const Source& source) {
    if (source.session) return openSession(*source.session, true);
    const LoadedTask task = loadTask(source.experiment, source.folder);
    requireMemory(task.experiment);
    const Experiment settings = editable(source.experiment, task, source.folder);
    m_path = source.path;
    m_presetName = source.presetName;
    m_folder = source.folder;
    m_draft = settings;
    m_baseline = m_saved = settings;
    m_savedStep = source.savedStep;
    m_savesPast = false;
    takeRun(m_start(task, source.state));
}

/// All is read and checked before anything changes.
void Documents::openSession(const CheckpointFile& checkpoint, bool isDocument) {
    const SessionFile session = sessionOf(checkpoint, layoutOf);
    const SessionRun& shown = session.runs[session.shown];
    const QString file = QString::fromStdString(checkpoint.file);
    const fs::path here = folderOf(file);
    const QString path = isDocument ? QFileInfo(file).absoluteFilePath() : QString::fromStdString(noteOf(shown, pathNote));
    const fs::path folder = path.isEmpty() ? here : folderOf(path);
    std::vector<RunToRestore> ready;
    std::vector<OpenRun> open;
    for (const SessionRun& kept : session.runs) {
        ready.push_back(prepared(kept, here));
        const Experiment resolvedHere = relocated(kept.experiment, here, folder);
        const QString itsPath = isDocument ? path : QString::fromStdString(noteOf(kept, pathNote));
        open.push_back({nullptr, editable(resolvedHere, {resolvedHere, ready.back().task.dataset}, folder), itsPath,
                        isDocument ? kept.present->step : savedStepOf(kept), here});
    }
    const Experiment settings = open[session.shown].experiment;
    const Experiment baseline = notedExperiment(shown, baselineNote, settings, here, folder);
    const Experiment draft = notedExperiment(shown, draftNote, settings, here, folder);

    const std::vector<Run*> runs = m_startSession(std::move(ready), session.shown);
    for (std::size_t i = 0; i < runs.size(); ++i) open[i].run = runs[i];
    m_runs.clear();
    m_path = path;
    m_presetName = isDocument ? std::string() : noteOf(shown, presetNote);
    m_folder = folder;
    m_draft = settings;
    m_baseline = baseline;
    m_saved = path.isEmpty() ? baseline : settings;
    m_savedStep = open[session.shown].savedStep;
    m_savesPast = isDocument || !noteOf(shown, savesPastNote).empty();
    for (std::size_t i = 0; i < runs.size(); ++i)
        if (i != session.shown) watch(runs[i]);
    takeRun(runs[session.shown]);
    m_runs = std::move(open);
    setDraft(draft);
    emit sessionOpened(QByteArray::fromStdString(session.window));
}

void Documents::takeRun(Run* run) {
    m_run = run;
    m_experiment = m_draft;
    m_branching = false;
    m_pendingPath.clear();
    std::erase_if(m_runs, [](const OpenRun& each) { return !each.run; });
    m_runs.push_back({run, m_experiment, m_path, m_savedStep, m_folder});
    watch(run);
    emit documentChanged();
    tellModified();
}

void Documents::watch(Run* run) {
    connect(run, &Run::stateAtReady, this, [this, run](const TrainingStatePtr& moment) {
        if (m_branching && run == m_run) branchFrom(*moment);
    });
    connect(run, &Run::replayFailed, this, [this, run](const QString& message) {
        if (m_branching && run == m_run) emit failed(tr("The step cannot be recomputed"), message);
    });
    connect(run, &Run::metricsExtended, this, &Documents::tellModified);
    connect(run, &Run::wasReset, this, [this, run] {
        tellModified();
        // The answer to a request before it is one of another time.
        if (!m_pendingPath.isEmpty() && !m_savesPast && run == m_run) run->requestState();
    });
    connect(run, &Run::stateReady, this, &Documents::writeState);
}

Run* Documents::startNewRun() {
    try {
        const LoadedTask task = loadTask(m_draft, m_folder);
        requireMemory(task.experiment);
        if (m_savedStep >= 0) m_path.clear();  // saving another run must not replace the checkpoint that this one came from
        m_savedStep = -1;
        takeRun(m_start(task, std::nullopt));
        return m_run;
    } catch (const std::exception& error) {
        emit failed(tr("The new run cannot be started"), sentenceOf(error));
        return nullptr;
    }
}

std::vector<Run*> Documents::addBeside(const std::vector<Experiment>& settings, const BesideStarter& start) {
    std::vector<LoadedTask> tasks;
    try {
        for (const Experiment& each : settings) tasks.push_back(loadTask(each, m_folder));
    } catch (const std::exception& error) {
        emit failed(tr("The run cannot be made"), sentenceOf(error));
        return {};
    }
    std::vector<Run*> runs;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        Run* run = start(tasks[i]);
        m_runs.push_back({run, settings[i], {}, -1, m_folder, true});
        watch(run);
        runs.push_back(run);
    }
    return runs;
}

void Documents::adopt(Run* run, const fs::path& folder) {
    m_runs.push_back({run, editable(run->experiment(), {run->experiment(), run->dataset()}, folder), {}, -1, folder, true});
    watch(run);
}

std::vector<Run*> Documents::openTogether(const std::vector<Experiment>& settings, const BesideStarter& start) {
    std::vector<Run*> runs;
    askAndDo([&] {
        const bool opened = tryToOpen(tr("The comparison cannot be opened"), [&settings] {
            Source source;
            source.experiment = settings.front();
            return source;
        });
        if (!opened) return false;
        runs = addBeside({settings.begin() + 1, settings.end()}, start);
        runs.insert(runs.begin(), m_run);
        return true;
    });
    return runs;
}

void Documents::continueFrom(std::int64_t step) {
    if (!m_run || !m_startBranch) return;
    m_branching = true;
    m_run->requestStateAt(step);
}

void Documents::branchFrom(const TrainingState& moment) {
    m_branching = false;
    try {
        const Experiment& parent = m_run->experiment();
        const LoadedTask task = hasDraftChanges() ? loadTask(m_draft, m_folder) : LoadedTask{parent, m_run->dataset()};
        requireMemory(task.experiment);
        TrainingState start = branchState(moment, parent, task.experiment);
        if (m_savedStep >= 0) m_path.clear();  // as with a new run
        m_savedStep = -1;
        Run* branch = m_startBranch(task, std::move(start), {m_run->name(), moment.step});
        takeRun(branch);
        emit branchStarted(branch);
    } catch (const std::exception& error) {
        emit failed(tr("The run cannot continue from step %1 like this").arg(moment.step), sentenceOf(error));
    }
}

Documents::OpenRun* Documents::openRun(const Run* run) {
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [run](const OpenRun& each) { return run && each.run == run; });
    return found == m_runs.end() ? nullptr : &*found;
}

fs::path Documents::dataFolder(const Run* run) const {
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [run](const OpenRun& each) { return run && each.run == run; });
    return found == m_runs.end() ? m_folder : found->folder;
}

void Documents::showRun(Run* run) {
    const OpenRun* open = openRun(run);
    if (!open || run == m_run) return;
    m_run = run;
    m_path = open->path;
    m_savedStep = open->savedStep;
    m_experiment = m_draft = open->experiment;
    m_branching = false;
    m_pendingPath.clear();
    emit documentChanged();
    tellModified();
}

bool Documents::save() {
    return m_path.isEmpty() ? saveAs() : saveTo(m_path);
}

bool Documents::saveAs() {
    QString name = m_path;
    if (name.isEmpty()) name = title().toLower().replace(QLatin1Char(' '), QLatin1Char('-')) + QStringLiteral(".json");
    const QString path = m_choosePath ? m_choosePath(name) : QString();
    return !path.isEmpty() && saveTo(path);
}

bool Documents::saveSession() {
    if (!m_run) return false;
    const QString name = title().section(QLatin1Char('.'), 0, 0).toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    const QString path = m_choosePath ? m_choosePath(name + QStringLiteral(".session.safetensors")) : QString();
    if (!isCheckpoint(path)) return false;
    m_savesPast = true;
    return saveCheckpoint(path);
}

bool Documents::saveTo(const QString& path) {
    if (path != m_path) m_savesPast = false;
    if (isCheckpoint(path)) return saveCheckpoint(path);
    try {
        const Experiment moved = relocated(m_draft, m_folder, folderOf(path));
        saveExperiment(toPath(path), moved);
        settle(path, moved, -1);
        return true;
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
        return false;
    }
}

/// The rest happens in writeState, when the training thread has answered.
bool Documents::saveCheckpoint(const QString& path) {
    if (!m_run) return false;
    m_pendingPath = path;
    if (m_savesPast)
        m_snapshot.gather(sessionRuns(), [this](std::vector<SessionSnapshot::Part> parts) { writeSession(std::move(parts)); });
    else
        m_run->requestState();
    return true;
}

void Documents::writeState(const std::shared_ptr<const TrainingState>& state) {
    if (m_pendingPath.isEmpty() || m_savesPast || sender() != m_run) return;
    const QString path = std::exchange(m_pendingPath, QString());
    const auto afterwards = std::exchange(m_afterSaving, nullptr);
    try {
        write(path, *m_run, relocated(m_run->experiment(), dataFolder(m_run), folderOf(path)), *state);
        settleCheckpoint(path, state->step);
        if (afterwards) afterwards();
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
    }
}

void Documents::settleCheckpoint(const QString& path, std::int64_t step) {
    const fs::path folder = folderOf(path);
    const bool drafted = hasDraftChanges();
    const Experiment draft = relocated(m_draft, m_folder, folder);
    settle(path, relocated(m_experiment, m_folder, folder), step);
    if (drafted) setDraft(draft);
}

std::vector<Run*> Documents::sessionRuns() const {
    if (m_listRuns) return m_listRuns();
    std::vector<Run*> runs;
    for (const OpenRun& open : m_runs)
        if (open.run) runs.push_back(open.run);
    return runs;
}

QByteArray Documents::windowNotes() const {
    return m_windowNotes ? QByteArray::fromStdString(m_windowNotes()) : QByteArray();
}

std::shared_ptr<const SessionFile> Documents::sessionFile(std::vector<SessionSnapshot::Part> parts, const QString& path) const {
    const fs::path folder = folderOf(path);
    auto session = std::make_shared<SessionFile>();
    session->window = windowNotes().toStdString();
    for (SessionSnapshot::Part& part : parts) {
        SessionRun& kept = part.kept;
        kept.experiment = relocated(kept.experiment, dataFolder(part.run), folder);
        const auto open = std::find_if(m_runs.begin(), m_runs.end(), [&](const OpenRun& each) { return each.run == part.run; });
        if (open != m_runs.end()) {
            kept.notes[pathNote] = open->path.toStdString();
            kept.notes[savedStepNote] = std::to_string(open->savedStep);
        }
        if (part.run == m_run) {
            session->shown = session->runs.size();
            kept.notes[presetNote] = m_presetName;
            kept.notes[baselineNote] = writeExperiment(relocated(m_baseline, m_folder, folder));
            if (hasDraftChanges()) kept.notes[draftNote] = writeExperiment(relocated(m_draft, m_folder, folder));
            if (m_savesPast) kept.notes[savesPastNote] = "yes";
        }
        session->runs.push_back(std::move(kept));
    }
    return session;
}

void Documents::writeSession(std::vector<SessionSnapshot::Part> parts) {
    if (m_pendingPath.isEmpty() || !m_savesPast) return;
    const QString path = m_pendingPath;
    std::vector<OpenRun> written;
    for (const SessionSnapshot::Part& part : parts) written.push_back({part.run, {}, path, part.kept.present->step, {}});
    try {
        m_sessionWriter.write(path, sessionFile(std::move(parts), path),
                              [this, path, written](const QString& error) { sessionWritten(path, written, error); });
    } catch (const std::exception& error) {
        sessionWritten(path, {}, sentenceOf(error));
    }
}

/// The file is the document of all runs that are in it.
void Documents::sessionWritten(const QString& path, const std::vector<OpenRun>& written, const QString& error) {
    if (m_pendingPath == path) m_pendingPath.clear();
    const auto afterwards = std::exchange(m_afterSaving, nullptr);
    if (!error.isEmpty()) return emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), error);
    for (const OpenRun& each : written) {
        OpenRun* open = openRun(each.run);
        if (open && each.run != m_run) open->path = path, open->savedStep = each.savedStep;
    }
    for (const OpenRun& each : written)
        if (each.run == m_run) settleCheckpoint(path, each.savedStep);
    if (afterwards) afterwards();
}

/// The document is now the one in this file. The run goes on as it is; only where its data lie reads differently from another folder.
void Documents::settle(const QString& path, const Experiment& settings, std::int64_t savedStep) {
    const fs::path folder = folderOf(path);
    m_experiment = relocated(m_experiment, m_folder, folder);
    m_baseline = relocated(m_baseline, m_folder, folder);
    m_path = QString::fromStdString(utf8Text(fs::absolute(toPath(path))));
    m_folder = folder;
    m_saved = m_draft = settings;
    m_presetName.clear();
    m_savedStep = savedStep;
    if (OpenRun* open = openRun(m_run)) *open = {m_run, m_experiment, m_path, m_savedStep, open->folder};
    emit saved(m_path);
    emit documentChanged();
    tellModified();
}

bool Documents::restoreSession(const QString& file) {
    return askAndDo([this, file] {
        try {
            openSession(readCheckpoint(toPath(file)), false);
            return true;
        } catch (const std::exception& error) {
            emit failed(tr("The session cannot be restored"), sentenceOf(error));
            return false;
        }
    });
}

}  // namespace lab
