#include "ui/documents.h"

#include <QFileInfo>
#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/derive.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/pairs_experiment.h"
#include "core/training/branch.h"
#include "ui/runs/run_session.h"

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
    return QString::fromUtf8(error.what());
}

/// The settings as a person edits them: what would be worked out anyway is absent, so that it follows the others.
Experiment editable(const Experiment& experiment, const LoadedTask& task, const fs::path& folder) {
    if (experiment.task.kind != TaskKind::pairs) return withoutDerived(experiment);
    Experiment bare = experiment;
    for (const FieldInfo& field : fieldTable())
        if (field.presence == Presence::derived) field.put(bare, FieldValue());
    const LoadedTask again = loadTask(bare, folder);
    return differences(again.experiment, task.experiment).empty() ? bare : experiment;
}

/// A checkpoint continues where it was saved; one without moments begins with its weights.
TrainingState stateOf(const CheckpointFile& checkpoint) {
    const Model model(checkpoint.experiment.model);
    TrainingState state = initialState(model, checkpoint.experiment);
    state.weights = weightsOf(checkpoint, model.layout());
    if (!checkpoint.isState()) return state;
    OptimizerMoments moments = momentsOf(checkpoint, model.layout());
    state.step = moments.step;
    if (!moments.first.empty()) state.firstMoment = std::move(moments.first);
    if (!moments.second.empty()) state.secondMoment = std::move(moments.second);
    return state;
}

void write(const QString& path, const Run& run, const Experiment& experiment, const TrainingState& state, bool withPast) {
    const Session past = withPast ? sessionOf(run, state.step) : Session();
    writeCheckpoint(toPath(path), experiment, run.dataset()->vocabulary(), run.model()->layout(), state.weights,
                    MomentsView{state.step, state.firstMoment, state.secondMoment}, {}, withPast ? &past : nullptr);
}

fs::path folderOf(const QString& path) {
    return fs::absolute(toPath(path)).parent_path();
}

// What a session's file says beside the state: the document it was.
const std::string sessionPathKey = "attention_lab.session.path";
const std::string sessionSavedStepKey = "attention_lab.session.saved_step";
const std::string sessionBaselineKey = "attention_lab.session.baseline";

}  // namespace

/// A document as it was read, before anything is built of it.
struct Documents::Source {
    Experiment experiment;
    fs::path folder;
    QString path;
    std::optional<TrainingState> state;
    std::int64_t savedStep = -1;
    std::string presetName;
    std::optional<Experiment> baseline;  ///< of a session: the preset or file it began with
    std::optional<Session> past;         ///< of a session
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
    return trainedOn || !differences(m_draft, m_saved).empty();
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
            if (!preset) throw InputError(name + ": no such preset");
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
        const CheckpointFile checkpoint = readCheckpoint(path);
        source.experiment = checkpoint.experiment;
        source.state = stateOf(checkpoint);
        source.savedStep = source.state->step;
        source.past = readSession(checkpoint.tensors, checkpoint.metadata, source.state->weights.size(), checkpoint.file);
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
    const LoadedTask task = loadTask(source.experiment, source.folder);
    const Experiment settings = editable(source.experiment, task, source.folder);
    m_path = source.path;
    m_presetName = source.presetName;
    m_folder = source.folder;
    m_draft = settings;
    m_baseline = source.baseline.value_or(settings);
    m_saved = source.path.isEmpty() ? m_baseline : settings;
    m_savedStep = source.savedStep;
    m_savesPast = !source.path.isEmpty() && source.past && !source.past->rows.empty();
    takeRun(m_start(task, source.state));
    if (!source.past || source.past->rows.empty()) return;
    try {
        rememberSession(*m_run, *source.past);
    } catch (const InputError&) {
        // The state itself is sound: the run goes on without its past.
    }
}

void Documents::takeRun(Run* run) {
    m_run = run;
    m_experiment = m_draft;
    m_branching = false;
    m_pendingPath.clear();
    std::erase_if(m_runs, [](const OpenRun& each) { return !each.run; });
    m_runs.push_back({run, m_experiment, m_path, m_savedStep});
    connect(run, &Run::stateAtReady, this, [this, run](const TrainingStatePtr& moment) {
        if (m_branching && run == m_run) branchFrom(*moment);
    });
    connect(run, &Run::replayFailed, this, [this, run](const QString& message) {
        if (m_branching && run == m_run) emit failed(tr("The step cannot be recomputed"), message);
    });
    connect(run, &Run::metricsExtended, this, &Documents::tellModified);
    connect(run, &Run::wasReset, this, &Documents::tellModified);
    connect(run, &Run::stateReady, this, &Documents::writeState);
    emit documentChanged();
    tellModified();
}

Run* Documents::startNewRun() {
    try {
        const LoadedTask task = loadTask(m_draft, m_folder);
        if (m_savedStep >= 0) m_path.clear();  // saving another run must not replace the checkpoint that this one came from
        m_savedStep = -1;
        takeRun(m_start(task, std::nullopt));
        return m_run;
    } catch (const std::exception& error) {
        emit failed(tr("The new run cannot be started"), sentenceOf(error));
        return nullptr;
    }
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
    m_run->requestState();
    return true;
}

void Documents::writeState(const std::shared_ptr<const TrainingState>& state) {
    if (m_pendingPath.isEmpty() || sender() != m_run) return;
    const QString path = std::exchange(m_pendingPath, QString());
    const auto afterwards = std::exchange(m_afterSaving, nullptr);
    try {
        const fs::path folder = folderOf(path);
        write(path, *m_run, relocated(m_run->experiment(), m_folder, folder), *state, m_savesPast);
        const bool drafted = hasDraftChanges();
        const Experiment draft = relocated(m_draft, m_folder, folder);
        settle(path, relocated(m_experiment, m_folder, folder), state->step);
        if (drafted) setDraft(draft);
        if (afterwards) afterwards();
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
    }
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
    if (OpenRun* open = openRun(m_run)) *open = {m_run, m_experiment, m_path, m_savedStep};
    emit saved(m_path);
    emit documentChanged();
    tellModified();
}

bool Documents::restoreSession(const QString& file) {
    try {
        const CheckpointFile checkpoint = readCheckpoint(toPath(file));
        const auto extra = [&checkpoint](const std::string& key) {
            const auto entry = checkpoint.metadata.find(key);
            return entry == checkpoint.metadata.end() ? std::string() : entry->second;
        };
        Source source;
        source.state = stateOf(checkpoint);
        source.path = QString::fromStdString(extra(sessionPathKey));
        source.folder = source.path.isEmpty() ? folderOf(file) : folderOf(source.path);
        source.experiment = relocated(checkpoint.experiment, folderOf(file), source.folder);
        source.baseline = relocated(parseExperiment(extra(sessionBaselineKey)), folderOf(file), source.folder);
        source.savedStep = std::stoll(extra(sessionSavedStepKey));
        const Model model(checkpoint.experiment.model);
        source.past = readSession(checkpoint.tensors, checkpoint.metadata, model.layout().flatSize(), checkpoint.file);
        open(source);
        return true;
    } catch (const std::exception&) {
        return false;  // nobody asked for it: the window opens as at the first start
    }
}

bool Documents::keepSession(const QString& file, const TrainingStatePtr& state) const {
    const auto write = sessionWriter(file, state);
    return write && write();
}

std::function<bool()> Documents::sessionWriter(const QString& file, const TrainingStatePtr& state) const {
    if (!m_run) return {};
    const fs::path folder = folderOf(file);
    const Metadata extra = {{sessionPathKey, m_path.toStdString()},
                            {sessionSavedStepKey, std::to_string(m_savedStep)},
                            {sessionBaselineKey, writeExperiment(relocated(m_baseline, m_folder, folder))}};
    return [path = toPath(file), extra, state, experiment = relocated(m_run->experiment(), m_folder, folder), dataset = m_run->dataset(),
            model = m_run->model(), past = sessionOf(*m_run, state->step)] {
        try {
            writeCheckpoint(path, experiment, dataset->vocabulary(), model->layout(), state->weights,
                            MomentsView{state->step, state->firstMoment, state->secondMoment}, extra, &past);
            return true;
        } catch (const std::exception&) {
            return false;  // replaceFile leaves what was saved before; files of the user's own are safe
        }
    };
}

}  // namespace lab
