#include "ui/documents/session_keeper.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>
#include <functional>
#include <new>
#include <utility>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/runs/budget.h"
#include "ui/documents/document_source.h"
#include "ui/documents/own_file.h"
#include "ui/documents/session.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

/// Tests and scripts save more often.
std::chrono::milliseconds autosaveInterval() {
    bool given = false;
    const double seconds = qEnvironmentVariable("ATTENTION_LAB_AUTOSAVE_SECONDS").toDouble(&given);
    return given && seconds > 0 ? std::chrono::milliseconds(std::max(static_cast<int>(seconds * 1000), 1)) : budget::autosave;
}

/// "session.safetensors" -> "session.2.safetensors".
QString withPart(const QString& file, const QString& part) {
    const QFileInfo info(file);
    return info.path() + QLatin1Char('/') + info.completeBaseName() + QLatin1Char('.') + part + QLatin1Char('.') + info.suffix();
}

/// Replaces a file there; a rename cannot be interrupted half-way.
bool moveOver(const QString& from, const QString& to) {
    std::error_code error;
    std::filesystem::rename(pathOf(from), pathOf(to), error);
    return !error;
}

}  // namespace

SessionKeeper::SessionKeeper(Session& session, const QString& file) : m_session(session), m_first(file), m_file(file) {
    takeSlot();
    finishRotation();
    m_timer.setSingleShot(true);
    m_timer.setInterval(autosaveInterval());
    connect(&m_timer, &QTimer::timeout, this, [this] { isSaving() ? lookLater() : saveSoon(); });
    connect(&m_session.workspace(), &Workspace::runAdded, this, &SessionKeeper::watch);
    connect(&m_session.workspace(), &Workspace::runRemoved, this, &SessionKeeper::lookLater);
    for (const Run* run : m_session.workspace().runs()) watch(run);
    QCoreApplication::instance()->installEventFilter(this);
    lookLater();
}

SessionKeeper::~SessionKeeper() = default;

bool SessionKeeper::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::UpdateRequest) lookLater();
    return QObject::eventFilter(watched, event);
}

/// A timer that runs is left alone: however much happens, the first of it waits no longer than the interval.
void SessionKeeper::lookLater() {
    if (!m_timer.isActive()) m_timer.start();
}

void SessionKeeper::watch(const Run* run) {
    for (const auto signal : {&Run::stateChanged, &Run::wasReset, &Run::pinsChanged}) connect(run, signal, this, &SessionKeeper::lookLater);
    connect(run, &Run::metricsExtended, this, &SessionKeeper::lookLater);
    lookLater();
}

QString SessionKeeper::slotFile(int slot) const {
    return slot == 1 ? m_first : withPart(m_first, QString::number(slot));
}

/// What lies there: sessions, those before them, and those that wait for their place.
std::map<QString, int> SessionKeeper::filesBySlot() const {
    const QFileInfo first(m_first);
    const QRegularExpression pattern(
        QStringLiteral("^%1(?:\\.([1-9][0-9]{0,5}))?(?:\\.(?:before|next))?\\.%2$")
            .arg(QRegularExpression::escape(first.completeBaseName()), QRegularExpression::escape(first.suffix())));
    std::map<QString, int> files;
    for (const QFileInfo& file : QDir(first.path()).entryInfoList(QDir::Files)) {
        const QRegularExpressionMatch match = pattern.match(file.fileName());
        if (match.hasMatch()) files[first.path() + QLatin1Char('/') + file.fileName()] = std::max(1, match.captured(1).toInt());
    }
    return files;
}

bool SessionKeeper::takeLock(const QString& file) {
    const auto lock = lockOf(file);
    if (!lock) return false;
    m_lock = *lock;
    m_file = file;
    return true;
}

/// That of the newest session that no other program has, else the first that is free.
void SessionKeeper::takeSlot() {
    QDir().mkpath(QFileInfo(m_first).absolutePath());
    const std::map<QString, int> files = filesBySlot();
    std::vector<std::pair<QDateTime, int>> newest;
    for (const auto& [file, slot] : files) newest.emplace_back(QFileInfo(file).lastModified(), slot);
    std::ranges::sort(newest, std::greater());
    for (const auto& [time, slot] : newest)
        if (takeLock(slotFile(slot))) return;
    for (int slot = 1; !takeLock(slotFile(slot)); ++slot) continue;
}

std::vector<SessionKeeper::Found> SessionKeeper::found() const {
    std::vector<Found> found;
    for (const auto& [file, slot] : filesBySlot()) {
        const QString owner = slotFile(slot);
        try {
            const bool isFree = owner == m_file || FileLock(pathOf(owner + QStringLiteral(".lock"))).isHeld();
            if (isFree) found.push_back({file, QFileInfo(file).lastModified()});
        } catch (const InputError&) {
            continue;
        }
    }
    std::ranges::sort(found, std::greater(), &Found::time);
    return found;
}

QString SessionKeeper::fileBefore() const {
    return withPart(m_file, QStringLiteral("before"));
}

QString SessionKeeper::nextFile() const {
    return withPart(m_file, QStringLiteral("next"));
}

/// A program that ended between the two renames left the new session beside its name.
void SessionKeeper::finishRotation() {
    if (!QFile::exists(nextFile())) return;
    if (QFile::exists(m_file))
        QFile::remove(nextFile());
    else
        moveOver(nextFile(), m_file);
}

std::optional<SessionSummary> SessionKeeper::last() const {
    if (!QFile::exists(m_file)) return before();
    return readSessionSummary(pathOf(m_file));
}

std::optional<SessionSummary> SessionKeeper::before() const {
    if (!QFile::exists(fileBefore())) return std::nullopt;
    return readSessionSummary(pathOf(fileBefore()));
}

bool SessionKeeper::restoreLast() {
    if (!QFile::exists(m_file)) return restoreBefore();
    return m_session.restoreSession(m_file, [this] {
        m_owns = m_session.restoredWhole();
        m_saved = m_owns ? fingerprint() : QByteArray();
    });
}

bool SessionKeeper::restoreBefore() {
    return restore(fileBefore());
}

bool SessionKeeper::restore(const QString& file) {
    if (file == m_file) return restoreLast();
    return m_session.restoreSession(file, [this] {
        m_owns = false;  // the last one is not what is open now
        m_saved.clear();
    });
}

bool SessionKeeper::isWorthKeeping() const {
    const std::vector<Run*> runs = m_session.workspace().runs();
    return m_owns || m_session.hasDraftChanges() ||
           std::any_of(runs.begin(), runs.end(), [](const Run* run) { return run->step() > 0 || run->origin(); });
}

QByteArray SessionKeeper::fingerprint() const {
    QByteArray print = m_session.windowNotes();
    print += QByteArray::fromStdString(writeExperiment(m_session.draft())) + m_session.path().toUtf8();
    for (const Run* run : m_session.workspace().runs()) {
        print += QByteArray::number(reinterpret_cast<quintptr>(run)) + ':' + QByteArray::number(static_cast<qint64>(run->step())) +
                 run->name().toUtf8() + QByteArray::number(static_cast<int>(run->state()));
        for (const auto& [step, name] : run->history().pins())
            print += QByteArray::number(static_cast<qint64>(step)) + QByteArray::fromStdString(name);
    }
    return print;
}

void SessionKeeper::saveSoon() {
    if (isSaving() || !isWorthKeeping() || m_saved == fingerprint()) return;
    saveThen({});
}

void SessionKeeper::saveThen(std::function<void(const QString& error)> done) {
    if (isSaving()) {
        m_waiting = std::move(done);
        return;
    }
    m_snapshot.gather(m_session.workspace().runs(),
                      [this, done = std::move(done)](Parts parts) mutable { write(std::move(parts), std::move(done)); });
}

void SessionKeeper::write(Parts parts, std::function<void(const QString& error)> done) {
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    const QString path = target();
    if (parts.empty()) return tellWritten(shown(messageOf(std::bad_alloc())), {}, done);
    m_writer.write(
        path, m_session.sessionFile(std::move(parts), path),
        [this, done = std::move(done), print = fingerprint()](const QString& error) { tellWritten(settled(error), print, done); });
}

void SessionKeeper::tellWritten(const QString& problem, const QByteArray& print, const std::function<void(const QString& error)>& done) {
    if (problem.isEmpty()) m_saved = print;
    if (done) done(problem);
    if (problem.isEmpty()) {
        emit saved();
    } else {
        lookLater();  // the disk may have room by then
        emit failed(problem);
    }
    if (m_waiting) saveThen(std::exchange(m_waiting, nullptr));
}

/// A new session takes its place only when it is whole; the one found there becomes the one before.
QString SessionKeeper::settled(QString error) {
    if (!error.isEmpty() || m_owns) return error;
    if (QFile::exists(m_file) && !moveOver(m_file, fileBefore())) return tr("%1: cannot be renamed").arg(m_file);
    if (!moveOver(nextFile(), m_file)) return tr("%1: cannot be renamed").arg(nextFile());
    m_owns = true;
    return error;
}

QString SessionKeeper::saveAtEnd() try {
    m_timer.stop();
    m_writer.wait();
    if (!isWorthKeeping() || m_saved == fingerprint()) return {};
    Parts parts;
    for (Run* run : m_session.workspace().runs())
        if (const TrainingStatePtr state = m_session.workspace().finalState(run)) parts.push_back({run, sessionRunOf(*run, state)});
    if (parts.empty()) return {};
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    const QString path = target();
    return settled(writtenSession(path, *m_session.sessionFile(std::move(parts), path)));
} catch (const std::bad_alloc& error) {
    return shown(messageOf(error));
}

}  // namespace lab
