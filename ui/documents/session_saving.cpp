#include <QFileInfo>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/config/experiment_json.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "ui/documents/document_source.h"
#include "ui/documents/session.h"
#include "ui/text/message_text.h"

// What a session reads and writes: experiments, checkpoints, sessions with their pasts.

namespace lab {
namespace {

namespace fs = std::filesystem;

void write(const QString& path, const Run& run, const Experiment& experiment, const TrainingState& state) {
    Metadata notes;
    notePrint(notes, {experiment, run.dataset()});
    writeCheckpoint(pathOf(path), experiment, run.dataset()->tokenizer().words(), run.model()->layout(), state, notes);
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

QStringList shownTexts(const std::vector<Message>& messages) {
    QStringList texts;
    for (const Message& message : messages) texts << lab::shown(message);
    return texts;
}

}  // namespace

/// Of the runs that can be restored here; `lost` says why others cannot. Throws InputError when there is none.
std::vector<RunToRestore> Session::preparedRuns(SessionFile& session, const fs::path& folder, std::vector<Message>& lost) {
    std::vector<RunToRestore> ready;
    std::vector<SessionRun> sound;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < session.runs.size(); ++i) {
        try {
            ready.push_back(prepared(session.runs[i], folder));
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

/// All is read and checked before anything changes. Where a run is lost the file is nobody's document: saving must not replace it.
void Session::openPasts(const CheckpointFile& checkpoint, bool isDocument) {
    std::vector<Message> lost;
    SessionFile session = soundRunsOf(checkpoint, layoutOf, lost);
    std::vector<RunToRestore> ready = preparedRuns(session, folderOf(QString::fromStdString(checkpoint.file)), lost);
    const SessionRun& shown = session.runs[session.shown];
    const QString file = QString::fromStdString(checkpoint.file);
    const fs::path here = folderOf(file);
    m_restoredWhole = lost.empty();
    const QString whole = m_restoredWhole ? QFileInfo(file).absoluteFilePath() : QString();
    const QString path = isDocument ? whole : QString::fromStdString(noteOf(shown, pathNote));
    const fs::path folder = path.isEmpty() ? here : folderOf(path);
    std::vector<OpenRun> open;
    for (std::size_t i = 0; i < ready.size(); ++i) {
        const SessionRun& kept = session.runs[i];
        const Experiment resolvedHere = relocated(kept.experiment, here, folder);
        const QString itsPath = isDocument ? path : QString::fromStdString(noteOf(kept, pathNote));
        open.push_back({nullptr, editableSettings(resolvedHere, {resolvedHere, ready[i].task.dataset}, folder), itsPath,
                        isDocument ? kept.present->step : savedStepOf(kept), here});
    }
    const Experiment settings = open[session.shown].experiment;
    const Experiment baseline = notedExperiment(shown, baselineNote, settings, here, folder);
    const Experiment draft = notedExperiment(shown, draftNote, settings, here, folder);

    const std::vector<Run*> runs = replaceAll(std::move(ready), session.shown);
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
    if (!lost.empty()) emit failed(tr("Not every run of the session could be restored"), shownTexts(lost).join(QLatin1Char('\n')));
}

bool Session::restoreSession(const QString& file) {
    return askAndDo([this, file] {
        try {
            openPasts(readCheckpoint(pathOf(file)), false);
            return true;
        } catch (const std::exception& error) {
            emit failed(tr("The session cannot be restored"), sentenceOf(error));
            return false;
        }
    });
}

fs::path Session::dataFolder(const Run* run) const {
    const OpenRun* open = openRun(run);
    return open ? open->folder : m_folder;
}

bool Session::save() {
    return m_path.isEmpty() ? saveAs() : saveTo(m_path);
}

bool Session::saveAs() {
    QString name = m_path;
    if (name.isEmpty()) name = title().toLower().replace(QLatin1Char(' '), QLatin1Char('-')) + QStringLiteral(".json");
    const QString path = m_host ? m_host->choosePath(name) : QString();
    return !path.isEmpty() && saveTo(path);
}

bool Session::saveSession() {
    if (!m_run) return false;
    const QString name = title().section(QLatin1Char('.'), 0, 0).toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    const QString path = m_host ? m_host->choosePath(name + QStringLiteral(".session.safetensors")) : QString();
    if (!isCheckpoint(path)) return false;
    m_savesPast = true;
    return saveCheckpoint(path);
}

bool Session::saveTo(const QString& path) {
    if (path != m_path) m_savesPast = false;
    if (isCheckpoint(path)) return saveCheckpoint(path);
    try {
        const Experiment moved = relocated(m_draft, m_folder, folderOf(path));
        saveExperiment(pathOf(path), moved);
        settle(path, moved, -1);
        return true;
    } catch (const std::exception& error) {
        emit failed(tr("%1 cannot be saved").arg(QFileInfo(path).fileName()), sentenceOf(error));
        return false;
    }
}

/// The rest happens in writeState, when the training thread has answered.
bool Session::saveCheckpoint(const QString& path) {
    if (!m_run) return false;
    m_pendingPath = path;
    if (m_savesPast)
        m_snapshot.gather(m_workspace.runs(), [this](Parts parts) { writeSession(std::move(parts)); });
    else
        m_run->requestState();
    return true;
}

void Session::writeState(const std::shared_ptr<const TrainingState>& state) {
    if (m_pendingPath.isEmpty() || m_savesPast || sender() != m_run) return;
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
    const Experiment draft = relocated(m_draft, m_folder, folder);
    settle(path, relocated(m_experiment, m_folder, folder), step);
    if (drafted) setDraft(draft);
}

std::shared_ptr<const SessionFile> Session::sessionFile(Parts parts, const QString& path) const {
    const fs::path folder = folderOf(path);
    auto session = std::make_shared<SessionFile>();
    session->window = windowNotes().toStdString();
    for (SessionSnapshot::Part& part : parts) {
        SessionRun& kept = part.kept;
        kept.experiment = relocated(kept.experiment, dataFolder(part.run), folder);
        if (const OpenRun* open = openRun(part.run)) {
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

void Session::writeSession(Parts parts) {
    if (m_pendingPath.isEmpty() || !m_savesPast) return;
    const QString path = m_pendingPath;
    std::vector<OpenRun> written;
    for (const SessionSnapshot::Part& part : parts) written.push_back({part.run, {}, path, part.kept.present->step, {}});
    try {
        if (parts.empty()) throw std::bad_alloc();
        m_sessionWriter.write(path, sessionFile(std::move(parts), path),
                              [this, path, written](const QString& error) { sessionWritten(path, written, error); });
    } catch (const std::exception& error) {
        sessionWritten(path, {}, sentenceOf(error));
    }
}

/// The file is the document of all runs that are in it.
void Session::sessionWritten(const QString& path, const std::vector<OpenRun>& written, const QString& error) {
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
void Session::settle(const QString& path, const Experiment& settings, std::int64_t savedStep) {
    const fs::path folder = folderOf(path);
    m_experiment = relocated(m_experiment, m_folder, folder);
    m_baseline = relocated(m_baseline, m_folder, folder);
    m_path = QString::fromStdString(utf8Text(fs::absolute(pathOf(path))));
    m_folder = folder;
    m_saved = m_draft = settings;
    m_presetName.clear();
    m_savedStep = savedStep;
    if (OpenRun* open = openRun(m_run)) *open = {m_run, m_experiment, m_path, m_savedStep, open->folder};
    emit saved(m_path);
    emit documentChanged();
    tellModified();
}

}  // namespace lab
