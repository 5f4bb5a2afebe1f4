#include <QFileInfo>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/config/experiment_json.h"
#include "core/config/visitor.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/io/adapter_file.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "ui/documents/document_source.h"
#include "ui/documents/ready_document.h"
#include "ui/documents/session.h"
#include "ui/text/message_text.h"

// What a session reads and writes: experiments, checkpoints, sessions with their pasts.

namespace lab {
namespace {

namespace fs = std::filesystem;

void write(const QString& path, const Run& run, const Experiment& experiment, const TrainingState& state) {
    Metadata notes;
    notePrint(notes, {experiment, run.dataset()});
    writeCheckpoint(pathOf(path), experiment, run.dataset()->tokenizer().kept(), run.model()->layout(), state, notes);
}

void writeAdapted(const QString& path, const Run& run, const Experiment& experiment, const TrainingState& state, Session::Adapters how) {
    const ParameterLayout& layout = run.model()->layout();
    if (how == Session::Adapters::apart)
        writeAdapters(pathOf(path), experiment, layout, state, run.origin() ? run.origin()->parent.toStdString() : experiment.name);
    else
        writeCheckpoint(pathOf(path), afterMerging(experiment), run.dataset()->tokenizer().kept(), layout, state.weights);
}

// What a session notes of each run, and of the one that is shown.
const std::string pathNote = "path";
const std::string savedStepNote = "saved_step";
const std::string presetNote = "preset";
const std::string baselineNote = "baseline";
const std::string draftNote = "draft";
const std::string savedNote = "saved";
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

QStringList shownTexts(const std::vector<Message>& messages) {
    QStringList texts;
    for (const Message& message : messages) texts << lab::shown(message);
    return texts;
}

}  // namespace

/// Of the runs that can be restored here; `lost` says why others cannot. Throws InputError when there is none.
std::vector<RunToRestore> Session::preparedRuns(SessionFile& session, const fs::path& folder, std::vector<Message>& lost,
                                                const Watch& watch) {
    std::vector<RunToRestore> ready;
    std::vector<SessionRun> sound;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < session.runs.size(); ++i) {
        try {
            ready.push_back(prepared(session.runs[i], folder, watch));
        } catch (const InputError& error) {
            lost.push_back(located(session.runs[i].name, error.message()));
            continue;
        }
        if (i == session.shown) shown = sound.size();
        sound.push_back(std::move(session.runs[i]));
    }
    if (sound.empty()) throw InputError(lost.front());
    session.runs = std::move(sound);
    session.shown = shown;
    return ready;
}

std::shared_ptr<Session::Pasts> Session::readPasts(const CheckpointFile& checkpoint) {
    auto pasts = std::make_shared<Pasts>();
    pasts->file = QString::fromStdString(checkpoint.file);
    pasts->session = soundRunsOf(checkpoint, layoutOf, pasts->lost);
    return pasts;
}

void Session::loadPasts(Pasts& pasts, const Watch& watch) {
    pasts.runs = preparedRuns(pasts.session, folderOf(pasts.file), pasts.lost, watch);
}

/// `ownFile`: the session's own, where that is the document.
Session::Document Session::documentOf(const SessionRun& kept, const LoadedTask& task, const fs::path& here,
                                      const std::optional<QString>& ownFile) {
    Document document;
    document.path = ownFile.value_or(QString::fromStdString(noteOf(kept, pathNote)));
    document.folder = document.path.isEmpty() ? here : folderOf(document.path);
    const Experiment resolvedHere = relocated(kept.experiment, here, document.folder);
    document.experiment = editableSettings(resolvedHere, {resolvedHere, task.dataset}, document.folder);
    document.baseline = notedExperiment(kept, baselineNote, document.experiment, here, document.folder);
    document.draft = notedExperiment(kept, draftNote, document.experiment, here, document.folder);
    const Experiment& saved = document.path.isEmpty() ? document.baseline : document.experiment;
    document.saved = ownFile ? saved : notedExperiment(kept, savedNote, saved, here, document.folder);
    document.presetName = ownFile ? std::string() : noteOf(kept, presetNote);
    document.savedStep = ownFile ? kept.present->step : savedStepOf(kept);
    document.savesPast = ownFile || !noteOf(kept, savesPastNote).empty();
    return document;
}

/// Where a run is lost the file is nobody's document: saving must not replace it.
void Session::openPasts(Pasts& pasts) {
    const SessionFile& session = pasts.session;
    const fs::path here = folderOf(pasts.file);
    m_restoredWhole = pasts.lost.empty();
    std::optional<QString> ownFile;
    if (pasts.isDocument) ownFile = m_restoredWhole ? QFileInfo(pasts.file).absoluteFilePath() : QString();
    std::vector<OpenRun> open;
    for (std::size_t i = 0; i < session.runs.size(); ++i)
        open.push_back({nullptr, documentOf(session.runs[i], pasts.runs[i].task, here, ownFile), here});

    const std::vector<Run*> runs = replaceAll(std::move(pasts.runs), session.shown);
    std::erase_if(m_runs, [](const OpenRun& each) { return !each.run; });
    for (std::size_t i = 0; i < runs.size(); ++i) {
        open[i].run = runs[i];
        watch(runs[i]);
        m_runs.push_back(open[i]);
    }
    const Document& shownOne = open[session.shown].document;
    m_document = shownOne;
    m_document.draft = m_document.experiment;  // the form shows first what the run has
    tellDocument(runs[session.shown]);
    setDraft(shownOne.draft);
    emit sessionOpened(QByteArray::fromStdString(session.window));
    if (!pasts.lost.empty())
        emit failed(tr("Not every run of the session could be restored"), shownTexts(pasts.lost).join(QLatin1Char('\n')));
}

bool Session::restoreSession(const QString& file, const std::function<void()>& restored) {
    const QString name = tr("the last session"), what = tr("The session cannot be restored");
    const auto read = [file](const Watch& watch) {
        DocumentSource source;
        source.session = std::make_shared<const CheckpointFile>(readCheckpoint(pathOf(file), watch));
        Ready ready = begun(std::move(source));
        ready.pasts->isDocument = false;
        return ready;
    };
    if (!takesLongToRead(file)) return tryTo(what, [&] { return openLoaded(name, what, read({}), restored); });
    const auto loaded = [read](const Watch& watch) {
        Ready ready = read(watch);
        loadData(ready, watch);
        return ready;
    };
    openBeside(name, what, loaded, restored);
    return false;
}

fs::path Session::dataFolder(const Run* run) const {
    const OpenRun* open = openRun(run);
    return open ? open->folder : m_document.folder;
}

bool Session::save() {
    return m_document.path.isEmpty() ? saveAs() : saveTo(m_document.path);
}

bool Session::saveAs() {
    QString name = m_document.path;
    if (name.isEmpty()) name = title().toLower().replace(QLatin1Char(' '), QLatin1Char('-')) + QStringLiteral(".json");
    const QString path = m_host ? m_host->choosePath(name) : QString();
    return !path.isEmpty() && saveTo(path);
}

bool Session::saveSession() {
    if (!m_run) return false;
    const QString name = title().section(QLatin1Char('.'), 0, 0).toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    const QString path = m_host ? m_host->choosePath(name + QStringLiteral(".session.safetensors")) : QString();
    if (!isCheckpoint(path)) return false;
    m_document.savesPast = true;
    return saveCheckpoint(path);
}

bool Session::saveTo(const QString& path) {
    if (path != m_document.path) m_document.savesPast = false;
    const bool ownState = path == m_document.path && saves() != Saves::settings;  // whatever the file is called
    if (ownState || isCheckpoint(path)) return saveCheckpoint(path);
    try {
        const Experiment moved = relocated(m_document.draft, m_document.folder, folderOf(path));
        saveExperiment(pathOf(path), moved);
        settle(path, moved, -1);
        return true;
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
        return false;
    }
}

bool Session::saveBest() {
    if (!m_run || !m_host) return false;
    const QString name = title().section(QLatin1Char('.'), 0, 0).toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    if (!m_run->history().bestStep()) {
        emit failed(tr("There is no best step yet"), tr("It is known once the run has been validated (training.validate_every)."));
        return false;
    }
    return saveBestTo(m_host->choosePath(name + QStringLiteral(".best.safetensors")));
}

bool Session::saveBestTo(const QString& path) {
    const auto best = m_run ? m_run->history().bestStep() : std::nullopt;
    if (!best || !isCheckpoint(path)) return false;
    m_branching = false;
    m_bestPath = path;
    m_bestAs.reset();
    m_wantedStep = *best;
    m_run->requestStateAt(*best);
    return true;
}

bool Session::saveAdapters(Adapters how) {
    if (!m_run || !m_host) return false;
    if (!m_run->experiment().training.adapters.any()) {
        emit failed(tr("This run has no adapters"), tr("It trains its weights themselves (training.adapters.rank)."));
        return false;
    }
    const QString name = title().section(QLatin1Char('.'), 0, 0).toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    const QString end = how == Adapters::apart ? QStringLiteral(".adapters.safetensors") : QStringLiteral(".merged.safetensors");
    return saveAdaptersTo(m_host->choosePath(name + end), how);
}

bool Session::saveAdaptersTo(const QString& path, Adapters how) {
    if (!m_run || !isCheckpoint(path)) return false;
    m_branching = false;
    m_bestPath = path;
    m_bestAs = how;
    m_wantedStep = m_focus.wantedStep();
    m_run->requestStateAt(m_wantedStep);
    return true;
}

/// What was asked for is no longer to come.
void Session::giveUpBest() {
    if (std::exchange(m_bestPath, QString()).isEmpty()) return;
    emit failed(m_bestAs ? tr("The adapters were not saved") : tr("The best step was not saved"),
                tr("Another run or step was asked for meanwhile, or the run was reset."));
}

/// Null: it could not be recomputed.
void Session::writeBest(const TrainingState* state) {
    const QString path = std::exchange(m_bestPath, QString());
    try {
        const Experiment experiment = relocated(m_run->experiment(), dataFolder(m_run), folderOf(path));
        if (m_bestAs && !state) {
            throw InputError(Message(LAB_TEXT("session", "The weights of step %1 are no longer kept.")).arg(m_wantedStep));
        } else if (m_bestAs) {
            writeAdapted(path, *m_run, experiment, *state, *m_bestAs);
        } else if (state) {
            write(path, *m_run, experiment, *state);
        } else {
            const CheckpointPtr kept = m_run->history().atOrBefore(m_wantedStep);
            if (!kept || kept->step != m_wantedStep)
                throw InputError(Message(LAB_TEXT("session", "The weights of step %1 are no longer kept.")).arg(m_wantedStep));
            writeCheckpoint(pathOf(path), experiment, m_run->dataset()->tokenizer().kept(), m_run->model()->layout(), kept->weights);
        }
        emit saved(QFileInfo(path).absoluteFilePath());
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
    }
}

/// The rest happens in writeState, when the training thread has answered.
bool Session::saveCheckpoint(const QString& path) {
    if (!m_run) return false;
    m_pendingPath = path;
    if (m_document.savesPast)
        m_snapshot.gather(m_workspace.runs(), [this](Parts parts) { writeSession(std::move(parts)); });
    else
        m_run->requestState();
    return true;
}

void Session::writeState(const std::shared_ptr<const TrainingState>& state) {
    if (m_pendingPath.isEmpty() || m_document.savesPast || sender() != m_run) return;
    const QString path = std::exchange(m_pendingPath, QString());
    const auto afterwards = std::exchange(m_afterSaving, nullptr);
    try {
        if (!state) throw std::bad_alloc();
        write(path, *m_run, relocated(m_run->experiment(), dataFolder(m_run), folderOf(path)), *state);
        settleCheckpoint(path, state->step);
        if (afterwards) afterwards();
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
    }
}

void Session::settleCheckpoint(const QString& path, std::int64_t step) {
    const fs::path folder = folderOf(path);
    const bool drafted = hasDraftChanges();
    const Experiment draft = relocated(m_document.draft, m_document.folder, folder);
    settle(path, relocated(m_document.experiment, m_document.folder, folder), step);
    if (drafted) setDraft(draft);
}

void Session::noteDocument(SessionRun& kept, const Document& document, const fs::path& folder) {
    const auto note = [&](const std::string& key, const Experiment& settings) {
        kept.notes[key] = writeExperiment(relocated(settings, document.folder, folder));
    };
    kept.notes[pathNote] = document.path.toStdString();
    kept.notes[savedStepNote] = std::to_string(document.savedStep);
    kept.notes[presetNote] = document.presetName;
    note(baselineNote, document.baseline);
    note(savedNote, document.saved);
    if (!differences(document.draft, document.experiment).empty()) note(draftNote, document.draft);
    if (document.savesPast) kept.notes[savesPastNote] = "yes";
}

std::shared_ptr<const SessionFile> Session::sessionFile(Parts parts, const QString& path) const {
    const fs::path folder = folderOf(path);
    auto session = std::make_shared<SessionFile>();
    session->window = windowNotes().toStdString();
    for (SessionSnapshot::Part& part : parts) {
        SessionRun& kept = part.kept;
        kept.experiment = relocated(kept.experiment, dataFolder(part.run), folder);
        if (part.run == m_run) session->shown = session->runs.size();
        if (const OpenRun* open = openRun(part.run)) noteDocument(kept, part.run == m_run ? m_document : open->document, folder);
        session->runs.push_back(std::move(kept));
    }
    return session;
}

void Session::writeSession(Parts parts) {
    if (m_pendingPath.isEmpty() || !m_document.savesPast) return;
    const QString path = m_pendingPath;
    Written written;
    for (const SessionSnapshot::Part& part : parts) written.emplace_back(part.run, part.kept.present->step);
    try {
        if (parts.empty()) throw std::bad_alloc();
        m_sessionWriter.write(path, sessionFile(std::move(parts), path),
                              [this, path, written](const QString& error) { sessionWritten(path, written, error); });
    } catch (const std::exception& error) {
        sessionWritten(path, {}, sentenceOf(error));
    }
}

/// The file is the document of all runs that are in it.
void Session::sessionWritten(const QString& path, const Written& written, const QString& error) {
    if (m_pendingPath == path) m_pendingPath.clear();
    const auto afterwards = std::exchange(m_afterSaving, nullptr);
    if (!error.isEmpty()) return emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), error);
    for (const auto& [run, step] : written) {
        OpenRun* open = openRun(run);
        if (!open || run == m_run) continue;
        open->document.path = path;
        open->document.savedStep = step;
        open->document.savesPast = true;
    }
    for (const auto& [run, step] : written)
        if (run == m_run) settleCheckpoint(path, step);
    if (afterwards) afterwards();
}

/// The document is now the one in this file. The run goes on as it is; only where its data lie reads differently from another folder.
void Session::settle(const QString& path, const Experiment& settings, std::int64_t savedStep) {
    leaveReadingText();
    const fs::path folder = folderOf(path);
    m_document.experiment = relocated(m_document.experiment, m_document.folder, folder);
    m_document.baseline = relocated(m_document.baseline, m_document.folder, folder);
    m_document.path = QString::fromStdString(utf8Text(fs::absolute(pathOf(path))));
    m_document.folder = folder;
    m_document.saved = m_document.draft = settings;
    m_document.presetName.clear();
    m_document.savedStep = savedStep;
    if (OpenRun* open = openRun(m_run)) open->document = m_document;
    emit saved(m_document.path);
    emit documentChanged();
    tellModified();
}

}  // namespace lab
