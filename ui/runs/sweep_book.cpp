#include "ui/runs/sweep_book.h"

#include <QFileInfo>
#include <algorithm>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "core/base/platform_files.h"
#include "core/runs/budget.h"
#include "core/sweep/sweep_results.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

QString qt(const std::filesystem::path& path) {
    return QString::fromStdString(utf8Text(path));
}

QString nameOf(const std::filesystem::path& path) {
    return QString::fromStdString(utf8Text(path.filename()));
}

/// Held for a moment: a sweep that begins in that moment would find it taken, so nobody probes without need.
bool isLocked(const std::filesystem::path& csv) {
    const std::filesystem::path file = RunsFolder(csv).path() / "lock";
    try {
        return std::filesystem::exists(file) && !FileLock(file).isHeld();
    } catch (const InputError&) {
        return false;  // a folder that nobody may write
    }
}

}  // namespace

std::optional<int> SweepContents::runsLeft() const {
    if (!sweep) return std::nullopt;
    return sweep->runCount() - static_cast<int>(rows.table.rows.size());
}

SweepContents readSweepContents(const std::filesystem::path& csv, bool probe) {
    SweepContents contents;
    contents.csv = csv;
    ResultsTable table = readResults(csv);
    try {
        contents.sweep = sweepOf(csv);
    } catch (const InputError& error) {
        contents.problem = error.message();
    }
    contents.rows = sweepRows(std::move(table), contents.sweep ? &*contents.sweep : nullptr, utf8Text(csv));
    contents.writtenElsewhere = probe && isLocked(csv);
    return contents;
}

SweepBook::SweepBook(QObject* parent) : QObject(parent), m_options{processorCount(), 0} {
    m_timer.setInterval(budget::changedFiles);
    connect(&m_timer, &QTimer::timeout, this, &SweepBook::lookForChanges);
    for (const auto signal : {&QFileSystemWatcher::fileChanged, &QFileSystemWatcher::directoryChanged})
        connect(&m_watcher, signal, this, [this] {
            follow();  // another file of that name is not watched by itself
            m_reading ? void(m_readAgain = true) : lookForChanges();
        });
    connect(&m_thread, &SweepThread::opened, this, [this] { read(m_csv, true); });
    connect(&m_thread, &SweepThread::rowAdded, this, [this] { read(m_csv, false); });
    connect(&m_thread, &SweepThread::progressed, this, &SweepBook::progressed);
    connect(&m_thread, &SweepThread::ended, this, &SweepBook::endRunning);
}

SweepBook::~SweepBook() {
    m_thread.stop();
}

void SweepBook::setState(State state) {
    const bool changes = state != m_state;
    m_state = state;
    follow();
    if (changes) emit stateChanged();
}

/// Results that nobody writes do not wake the program: the system tells of their change, and their folder's tells that there is another
/// file of that name.
void SweepBook::follow() {
    const bool polls = m_state == State::elsewhere;
    if (polls != m_timer.isActive()) polls ? m_timer.start() : m_timer.stop();
    QStringList wanted;
    if (m_state == State::still && !m_csv.empty()) wanted = {qt(m_csv), QFileInfo(qt(m_csv)).absolutePath()};
    const QStringList had = m_watcher.files() + m_watcher.directories();
    for (const QString& path : had)
        if (!wanted.contains(path)) m_watcher.removePath(path);
    for (const QString& path : wanted)
        if (!had.contains(path) && QFileInfo::exists(path)) m_watcher.addPath(path);
}

void SweepBook::open(const std::filesystem::path& csv) {
    if (isBusy()) {
        if (csv == m_csv) return;
        return emit failed(tr("%1 cannot be opened now").arg(nameOf(csv)),
                           tr("The sweep %1 is running here; stop it first, it keeps what is finished.").arg(nameOf(m_csv)));
    }
    read(std::filesystem::absolute(csv), true);
}

/// One reading at a time: what has changed meanwhile is read by the next.
void SweepBook::read(const std::filesystem::path& csv, bool isNew) {
    if (m_reading && !isNew) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    m_readAgain = false;
    m_readAt = QFileInfo(qt(csv)).lastModified();
    const bool probe = !isBusy();
    m_loader.request(
        [this, csv, isNew, probe]() -> LatestTask::Found {
            auto contents = std::make_shared<const SweepContents>(readSweepContents(csv, probe));
            return [this, contents, isNew] { take(contents, isNew); };
        },
        [this, csv](const QString& why) {
            m_reading = false;
            emit failed(tr("%1 cannot be opened").arg(nameOf(csv)), why);
        });
}

void SweepBook::take(const std::shared_ptr<const SweepContents>& contents, bool isNew) {
    m_reading = false;
    const bool other = isNew || !m_contents || m_contents->csv != contents->csv;
    m_contents = contents;
    m_csv = contents->csv;
    if (!isBusy()) setState(contents->writtenElsewhere ? State::elsewhere : State::still);
    if (other) emit opened();
    emit contentsChanged();
    if (m_readAgain)
        read(m_csv, false);
    else if (m_state == State::still)
        lookForChanges();  // it may have changed before it was watched
}

void SweepBook::lookForChanges() {
    if (m_reading || !m_contents) return;
    const QFileInfo file(qt(m_csv));
    // Whoever wrote it may have ended without a last row.
    if (m_state == State::elsewhere || (file.exists() && file.lastModified() != m_readAt)) read(m_csv, false);
}

void SweepBook::start(const Sweep& sweep, const std::filesystem::path& csv, const SweepOptions& options) {
    if (isBusy()) return emit failed(tr("The sweep cannot be started now"), tr("%1 is running here; stop it first.").arg(nameOf(m_csv)));
    m_options = options;
    m_csv = std::filesystem::absolute(csv);
    m_readAgain = false;
    setState(State::running);
    // Behind whatever is being read: a look at the lock must not be in the sweep's way.
    m_reading = true;
    m_loader.request([this, sweep, file = m_csv, options]() -> std::function<void()> {
        return [this, sweep, file, options] {
            m_reading = false;
            if (m_state == State::running) return m_thread.start(sweep, file, options);
            endRunning({});
        };
    });
}

void SweepBook::resume() {
    if (!m_contents || !m_contents->sweep || isBusy()) return;
    start(*m_contents->sweep, m_contents->csv, m_options);
}

void SweepBook::cancel() {
    if (m_state != State::running) return;
    setState(State::stopping);
    m_thread.requestStop();
}

void SweepBook::stop() {
    m_thread.stop();
    if (isBusy()) setState(m_contents ? State::still : State::closed);
}

void SweepBook::endRunning(const QString& error) {
    const bool wasRead = m_contents && m_contents->csv == m_csv;
    if (!wasRead) m_csv = m_contents ? m_contents->csv : std::filesystem::path();
    setState(m_contents ? State::still : State::closed);
    if (wasRead) read(m_csv, false);
    if (!error.isEmpty()) emit failed(tr("The sweep has stopped"), error);
}

}  // namespace lab
