#include "app/serving/session_runs.h"

#include <algorithm>
#include <chrono>

#include "core/data/loaded_task.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "server/service/data_shelf.h"
#include "server/service/making.h"

namespace lab {

using server::Refusal;

namespace {

constexpr std::chrono::milliseconds betweenEvents{33};
constexpr std::chrono::seconds betweenPings{15}, longestReplay{60}, longestErrand{20};

Refusal notServed() {
    return {503, LAB_TEXT("server", "this session is no longer served")};
}

Refusal windowIsBusy() {
    Refusal refusal(503, LAB_TEXT("server", "the window is busy; ask again"));
    refusal.headers.emplace_back("Retry-After", "5");
    return refusal;
}

}  // namespace

SessionRuns::SessionRuns(Session& session, std::filesystem::path dataFolder, std::size_t mostRuns)
    : m_session(session), m_dataFolder(std::move(dataFolder)), m_mostRuns(mostRuns) {
    const Workspace& workspace = session.workspace();
    for (Run* run : workspace.runs()) enter(run);
    connect(&workspace, &Workspace::runAdded, this, &SessionRuns::enter);
    connect(&workspace, &Workspace::runAboutToBeRemoved, this, &SessionRuns::leave);
    connect(&session.focus(), &Focus::runChanged, this, [this] {
        if (OpenRun* seen = entryOf(m_session.focus().run())) seen->isClients = false;
    });
    m_telling.setSingleShot(true);
    m_telling.setInterval(betweenEvents);
    m_pinging.setInterval(betweenPings);
    connect(&m_telling, &QTimer::timeout, this, [this] { tellAll(false); });
    connect(&m_pinging, &QTimer::timeout, this, [this] { tellAll(true); });
}

SessionRuns::~SessionRuns() = default;

void SessionRuns::open() {
    const std::lock_guard lock(m_mutex);
    m_open = true;
    m_pinging.start();
}

void SessionRuns::close() {
    m_pinging.stop();
    {
        const std::lock_guard lock(m_mutex);
        m_open = false;
    }
    m_changed.notify_all();
    for (const auto& run : m_runs) {
        for (const server::StreamPtr& watcher : run->watchers) watcher->close();
        run->watchers.clear();
    }
}

// ---------------------------------------------------------------------------------------------------------------- from thread to thread

/// Comes back when it was done: what it refers to is the caller's.
void SessionRuns::atWindow(const std::function<void()>& act) {
    const auto errand = std::make_shared<Errand>(Errand{act});
    std::unique_lock lock(m_mutex);
    if (!m_open) throw notServed();
    m_post.post([this, errand] { run(*errand); });
    using State = Errand::State;
    m_changed.wait_for(lock, longestErrand, [&] { return errand->state == State::done || (errand->state == State::waiting && !m_open); });
    if (errand->state == State::waiting) {
        errand->state = State::givenUp;
        throw m_open ? windowIsBusy() : notServed();
    }
    m_changed.wait(lock, [&] { return errand->state == State::done; });
    if (errand->problem) std::rethrow_exception(errand->problem);
}

void SessionRuns::run(Errand& errand) {
    {
        const std::lock_guard lock(m_mutex);
        if (errand.state != Errand::State::waiting) return;
        errand.state = Errand::State::underWay;
    }
    try {
        errand.act();
    } catch (...) {
        errand.problem = std::current_exception();
    }
    {
        const std::lock_guard lock(m_mutex);
        errand.state = Errand::State::done;
    }
    m_changed.notify_all();
}

void SessionRuns::hold(const std::string& id, const std::function<void(server::ServedRun&)>& look) {
    atWindow([&] { look(found(id)); });
}

void SessionRuns::holdAll(const std::function<void(server::ServedRun&)>& look) {
    atWindow([&] {
        for (const auto& run : m_runs) look(*run);
    });
}

std::size_t SessionRuns::count() {
    std::size_t runs = 0;
    atWindow([&] { runs = m_runs.size(); });
    return runs;
}

/// Apart from what the person at the window waits for: neither takes the other's turn.
TrainingStatePtr SessionRuns::momentOf(const std::string& id, std::int64_t step) {
    const std::lock_guard replaying(m_replaying);
    atWindow([&] {
        const OpenRun& asked = found(id);
        server::requireDone(*asked.run, step);
        {
            const std::lock_guard lock(m_mutex);
            m_wanted = {asked.shell, step};
        }
        asked.run->requestStateAt(step, ReplayPurpose::serving);
    });
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, longestReplay, [this] { return !m_open || m_wanted.state || m_wanted.refusal; });
    const Wanted got = std::exchange(m_wanted, {});
    if (got.state) return got.state;
    if (got.refusal) throw *got.refusal;
    throw m_open ? server::stillComputed() : notServed();
}

void SessionRuns::answer(const Run* run, const TrainingStatePtr& state, std::optional<Refusal> refusal) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_wanted.run != run || (state && state->step != m_wanted.step)) return;
        m_wanted.state = state;
        m_wanted.refusal = std::move(refusal);
    }
    m_changed.notify_all();
}

CheckpointPtr SessionRuns::weightsAt(const std::string& id, std::int64_t step) {
    const CheckpointPtr there = with(id, [step](const server::ServedRun& run) {
        server::requireDone(*run.run, step);
        return server::weightsAtHand(*run.run, step);
    });
    if (there) return there;
    return std::make_shared<const Checkpoint>(momentOf(id, step));
}

TrainingStatePtr SessionRuns::stateAt(const std::string& id, std::int64_t step) {
    with(id, [step](const server::ServedRun& run) { server::requireDone(*run.run, step); });
    return momentOf(id, step);
}

// ---------------------------------------------------------------------------------------------------------------- commands

std::string SessionRuns::madeBefore(const std::string& key, const std::string& bodyHash) {
    std::string id;
    atWindow([&] {
        for (const auto& run : m_runs)
            if (run->isMadeBy(key, bodyHash)) id = run->id;
        if (id.empty()) server::requireRoomFor(m_runs.size(), m_mostRuns);
    });
    return id;
}

server::Runs::Made SessionRuns::create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash) {
    const std::lock_guard making(m_making);
    if (const std::string id = madeBefore(key, bodyHash); !id.empty()) return {id, false};
    const LoadedTask task = loadTask(experiment, m_dataFolder, [this](double) { return m_open.load(); });
    requireTrainable(task);
    Made made;
    atWindow([&] {
        made.id = adopt(m_session.workspace().add(task), m_dataFolder, trains);
        found(made.id).key = key;
        found(made.id).bodyHash = bodyHash;
    });
    return made;
}

server::Runs::Made SessionRuns::branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change,
                                       bool trains) {
    const TrainingStatePtr moment = momentOf(parent, step);
    const std::lock_guard making(m_making);
    madeBefore({}, {});
    LoadedTask from;
    QString name;
    std::filesystem::path folder;
    atWindow([&] {
        const Run& run = *found(parent).shell;
        from = {run.experiment(), run.dataset()};
        name = run.name();
        folder = m_session.dataFolder(&run);
    });
    Experiment changed = from.experiment;
    change(changed);
    if (!server::nameTheSameData(from.experiment, changed)) folder = m_dataFolder;
    const LoadedTask task = loadBranchTask(changed, folder, from);
    requireTrainable(task);
    const TrainingState start = branchState(*moment, from.experiment, task.experiment);
    Made made;
    atWindow([&] {
        Run* run = m_session.workspace().addBranch(task, start, {name, step});
        if (changed.name != from.experiment.name) run->setName(QString::fromStdString(changed.name));
        made.id = adopt(run, folder, trains);
    });
    return made;
}

std::string SessionRuns::adopt(Run* run, const std::filesystem::path& folder, bool trains) {
    m_session.adopt(run, folder);
    OpenRun& made = *entryOf(run);
    made.isClients = true;
    if (trains) run->train();
    return made.id;
}

void SessionRuns::remove(const std::string& id) {
    atWindow([&] {
        const OpenRun& run = found(id);
        if (!run.isClients)
            throw Refusal(409, Message(LAB_TEXT("server",
                                                "%1 is open in a window, and what it learned may be in no file: it can be "
                                                "removed there"))
                                   .arg(id));
        m_session.workspace().remove(run.shell);
    });
}

void SessionRuns::setTraining(const std::string& id, bool trains) {
    atWindow([&] {
        Run& run = *found(id).shell;
        trains ? run.train() : run.pause();
    });
}

void SessionRuns::stepOnce(const std::string& id) {
    atWindow([&] { found(id).shell->stepOnce(); });
}

server::StreamPtr SessionRuns::watch(const std::string& id) {
    server::StreamPtr stream;
    atWindow([&] { stream = found(id).watch(); });
    return stream;
}

// ---------------------------------------------------------------------------------------------------------------- at the window

SessionRuns::OpenRun& SessionRuns::found(const std::string& id) {
    const auto at = std::ranges::find_if(m_runs, [&id](const auto& run) { return run->id == id; });
    if (at == m_runs.end()) throw server::unknownRun(id);
    return **at;
}

/// Null for none of them.
SessionRuns::OpenRun* SessionRuns::entryOf(const Run* run) {
    const auto at = std::ranges::find_if(m_runs, [run](const auto& each) { return each->shell == run; });
    return at == m_runs.end() ? nullptr : at->get();
}

void SessionRuns::enter(Run* run) {
    auto entry = std::make_unique<OpenRun>();
    entry->id = server::newId('r');
    entry->run = &run->core();
    entry->created = server::presentTime();
    entry->shell = run;
    m_runs.push_back(std::move(entry));
    for (const auto signal : {&Run::stateChanged, &Run::latestChanged, &Run::wasReset})
        connect(run, signal, this, [this, run] { tell(run); });
    connect(run, &Run::metricsExtended, this, [this, run] { tell(run); });
    connect(run, &Run::stateAtReady, this, [this, run](const TrainingStatePtr& state) { answer(run, state, {}); });
    connect(run, &Run::replayFailed, this,
            [this, run](const QString& why) { answer(run, nullptr, Refusal(422, Message::verbatim(why.toStdString()))); });
    connect(run, &Run::wasReset, this,
            [this, run] { answer(run, nullptr, Refusal(409, LAB_TEXT("server", "the run was reset meanwhile"))); });
}

void SessionRuns::leave(const Run* run) {
    OpenRun* gone = entryOf(run);
    if (!gone) return;
    for (const server::StreamPtr& watcher : gone->watchers) watcher->close();
    answer(run, nullptr, server::unknownRun(gone->id));
    std::erase_if(m_runs, [gone](const auto& each) { return each.get() == gone; });
}

void SessionRuns::tell(const Run* run) {
    OpenRun* told = entryOf(run);
    if (!told || told->watchers.empty()) return;
    told->changed = true;
    if (!m_telling.isActive()) m_telling.start();
}

void SessionRuns::tellAll(bool ping) {
    for (const auto& run : m_runs) run->tellWatchers(ping);
}

}  // namespace lab
