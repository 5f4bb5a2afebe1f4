#include "server/service/run_book.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/derive.h"
#include "core/data/loaded_task.h"
#include "core/runs/session_run.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "server/http/problem.h"
#include "server/service/run_json.h"

namespace lab::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds betweenEvents{33};
constexpr std::chrono::seconds betweenPings{15}, betweenStates{20}, longestWait{60};

std::string newId() {
    std::random_device system;
    std::string id = "r";
    for (int i = 0; i < 12; ++i) id += "0123456789abcdef"[system() & 15];
    return id;
}

Refusal unknownRun(const std::string& id) {
    return {404, Message(LAB_TEXT("server", "there is no run %1")).arg(id)};
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool isTraining(const TrainingRun& run) {
    return run.state() == RunState::training;
}

bool isUnfinished(const TrainingRun& run) {
    return run.state() == RunState::training || run.state() == RunState::paused;
}

}  // namespace

RunBook::RunBook(std::filesystem::path folder, std::size_t mostRuns, int jobs, const std::function<void(const std::string&)>& complain)
    : m_folder(std::move(folder)),
      m_dataFolder(m_folder / "data"),
      m_mostRuns(mostRuns),
      m_jobs(jobs),
      m_complain(complain),
      m_training(
          [this] {
              const std::lock_guard lock(m_wakeMutex);
              m_awake = true;
              m_wake.notify_one();
          },
          [this](TrainingRun& run, const RunEvents& events) { told(run, events); }) {
    std::filesystem::create_directories(m_folder / "runs");
    std::filesystem::create_directories(m_dataFolder);
    for (const auto& entry : std::filesystem::directory_iterator(m_folder / "runs")) {
        if (!entry.is_directory()) continue;
        try {
            open(entry.path());
        } catch (const std::exception& error) {
            m_complain(utf8Text(entry.path().filename()) + ": " + error.what());
        }
    }
    startWaiting();
    m_keeper = std::thread([this] { attend(); });
}

RunBook::~RunBook() {
    {
        const std::lock_guard lock(m_wakeMutex);
        m_ends = true;
    }
    m_wake.notify_one();
    m_keeper.join();
    m_training.stop();
    for (auto& [id, run] : m_runs)
        if (const TrainingStatePtr state = m_training.finalState(*run->run)) keepState(*run, state);
    writeStates();
}

ServedRun& RunBook::found(const std::string& id) {
    const auto at = m_runs.find(id);
    if (at == m_runs.end()) throw unknownRun(id);
    return *at->second;
}

std::size_t RunBook::count() {
    const std::lock_guard lock(m_mutex);
    return m_runs.size();
}

/// As it was when the server ended, however it ended.
void RunBook::open(const std::filesystem::path& folder) {
    const RunFolder kept(folder);
    const RunFolder::Asked asked = kept.asked();
    ServedRun run{utf8Text(folder.filename()), kept, nullptr, asked.key, asked.bodyHash, asked.created};
    if (const auto session = kept.kept()) {
        RunToRestore ready = prepared(*session, m_dataFolder);
        run.keptStep = ready.present.step;
        run.run = m_training.add(ready.task, ready.present, ready.origin);
        restore(*run.run, std::move(ready));
    } else {
        run.run = m_training.add(loadTask(asked.experiment, m_dataFolder));
    }
    ServedRun& added = enter(std::move(run));
    added.wanted = kept.wanted() && isUnfinished(*added.run);
}

ServedRun& RunBook::enter(ServedRun run) {
    run.run->setPace(0);  // a preset's pace is for eyes at a window
    const std::string id = run.id;
    return *m_runs.emplace(id, std::make_unique<ServedRun>(std::move(run))).first->second;
}

/// An earlier run of the same key; null when there is none.
const ServedRun* RunBook::madeBy(const std::string& key, const std::string& bodyHash) const {
    if (key.empty()) return nullptr;
    for (const auto& [id, run] : m_runs) {
        if (run->key != key) continue;
        if (run->bodyHash != bodyHash)
            throw Refusal(422, Message(LAB_TEXT("server", "Idempotency-Key: %1 came before with another body")).arg(key));
        return run.get();
    }
    return nullptr;
}

void RunBook::requireRoom() const {
    if (m_runs.size() < m_mostRuns) return;
    Refusal refusal(429, Message(LAB_TEXT("server", "%1 runs are held, as many as may be; delete one")).arg(m_mostRuns));
    refusal.headers.emplace_back("Retry-After", "60");
    throw refusal;
}

RunBook::Made RunBook::create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash) {
    const std::lock_guard making(m_making);
    {
        const std::lock_guard lock(m_mutex);
        if (const ServedRun* earlier = madeBy(key, bodyHash)) return {earlier->id, false};
        requireRoom();
    }
    const LoadedTask task = loadTask(experiment, m_dataFolder);
    requireTrainable(task);
    const std::string id = newId();
    const RunFolder folder(m_folder / "runs" / id);
    const std::int64_t created = now();
    folder.make({experiment, key, bodyHash, created});
    folder.setWanted(trains);
    const std::lock_guard lock(m_mutex);
    want(enter({id, folder, m_training.add(task), key, bodyHash, created}), trains);
    return {id, true};
}

RunBook::Made RunBook::branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change, bool trains) {
    const TrainingStatePtr moment = stateAt(parent, step);
    const std::lock_guard making(m_making);
    const Experiment from = with(parent, [](ServedRun& run) { return run.run->experiment(); });
    const std::string name = with(parent, [](ServedRun& run) { return run.run->name(); });
    {
        const std::lock_guard lock(m_mutex);
        requireRoom();
    }
    Experiment changed = from;
    change(changed);
    const LoadedTask task = loadTask(changed, m_dataFolder);
    requireTrainable(task);
    const TrainingState start = branchState(*moment, from, task.experiment);
    const std::string id = newId();
    const RunFolder folder(m_folder / "runs" / id);
    const std::int64_t created = now();
    folder.make({changed, {}, {}, created});
    folder.setWanted(trains);
    SessionRun first;
    {
        const std::lock_guard lock(m_mutex);
        ServedRun& run = enter({id, folder, m_training.add(task, start, TrainingRun::Origin{name, step}), {}, {}, created});
        first = sessionRunOf(*run.run, std::make_shared<const TrainingState>(start));
        run.keptStep = step;
        want(run, trains);
    }
    folder.keep(first);  // where it begins is on disk before anybody hears of it
    return {id, true};
}

void RunBook::remove(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    ServedRun& run = found(id);
    for (const StreamPtr& watcher : run.watchers) watcher->close();
    m_training.remove(*run.run);
    run.folder.remove();
    m_runs.erase(id);
    startWaiting();
    m_answers.notify_all();
}

void RunBook::setTraining(const std::string& id, bool trains) {
    const std::lock_guard lock(m_mutex);
    ServedRun& run = found(id);
    run.folder.setWanted(trains);
    want(run, trains);
}

void RunBook::want(ServedRun& run, bool trains) {
    run.wanted = trains && isUnfinished(*run.run);
    run.changed = true;
    if (!trains) run.run->pause();
    startWaiting();
}

/// The lock is held. Those that were made first go first.
void RunBook::startWaiting() {
    std::vector<ServedRun*> waiting;
    int training = 0;
    for (auto& [id, run] : m_runs) {
        training += isTraining(*run->run) ? 1 : 0;
        if (run->wanted && !isTraining(*run->run)) waiting.push_back(run.get());
    }
    std::ranges::stable_sort(waiting, {}, &ServedRun::created);
    for (ServedRun* run : waiting)
        if (training++ < m_jobs) run->run->train();
}

void RunBook::stepOnce(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    ServedRun& run = found(id);
    run.folder.setWanted(false);
    run.wanted = false;
    run.run->stepOnce();
}

/// Asks the training thread and waits until it has answered.
template <class Answer>
Answer RunBook::waitFor(const std::string& id, const std::function<void(TrainingRun&)>& ask, Answer ServedRun::*answer) {
    std::unique_lock lock(m_mutex);
    ServedRun& asked = found(id);
    asked.*answer = nullptr;
    asked.replayError = {};
    ask(*asked.run);
    Answer result;
    const bool told = m_answers.wait_for(lock, longestWait, [&] {
        ServedRun& run = found(id);
        result = run.*answer;
        if (!run.replayError.empty()) throw Refusal(422, run.replayError);
        return result != nullptr;
    });
    if (told) return result;
    Refusal refusal(503, LAB_TEXT("server", "that step is still being computed; ask again"));
    refusal.headers.emplace_back("Retry-After", "10");
    throw refusal;
}

void RunBook::requireDone(const TrainingRun& run, std::int64_t step) {
    const std::int64_t first = run.history().empty() ? run.step() : run.history().checkpoints().front()->step;
    if (step >= first && step <= run.step()) return;
    throw Refusal(404, Message(LAB_TEXT("server", "step %1 is not done; there are steps %2 to %3")).arg(step).arg(first).arg(run.step()));
}

CheckpointPtr RunBook::weightsAt(const std::string& id, std::int64_t step) {
    const CheckpointPtr there = with(id, [step](ServedRun& run) {
        requireDone(*run.run, step);
        if (run.run->latest() && run.run->latest()->step == step) return run.run->latest();
        const CheckpointPtr before = run.run->history().atOrBefore(step);
        return before && before->step == step ? before : nullptr;
    });
    if (there) return there;
    return waitFor(
        id, [step](TrainingRun& run) { run.requestWeightsAt(step); }, &ServedRun::weightsAt);
}

TrainingStatePtr RunBook::stateAt(const std::string& id, std::int64_t step) {
    with(id, [step](ServedRun& run) { requireDone(*run.run, step); });
    return waitFor(
        id, [step](TrainingRun& run) { run.requestStateAt(step); }, &ServedRun::stateAt);
}

StreamPtr RunBook::watch(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    ServedRun& run = found(id);
    auto stream = std::make_shared<Stream>();
    stream->push("retry: 1000\n\n" + statusEvent(run));
    run.watchers.push_back(stream);
    return stream;
}

/// On the keeper's thread, or while a command is given: the lock is held.
void RunBook::told(TrainingRun& run, const RunEvents& events) {
    const auto at = std::ranges::find_if(m_runs, [&run](const auto& each) { return each.second->run.get() == &run; });
    if (at == m_runs.end()) return;
    ServedRun& served = *at->second;
    served.changed = true;
    served.ended = served.ended || (events.state && !isTraining(run));
    served.wanted = served.wanted && isUnfinished(run);
    if (events.weightsAt) served.weightsAt = events.weightsAt;
    if (!events.statesAt.empty()) served.stateAt = events.statesAt.back();
    if (!events.replayError.empty()) served.replayError = events.replayError;
    for (const TrainingStatePtr& state : events.states)
        if (state) keepState(served, state);
    m_answers.notify_all();
}

void RunBook::attend() {
    Clock::time_point pinged = Clock::now(), kept = Clock::now();
    std::unique_lock waiting(m_wakeMutex);
    while (!m_ends) {
        m_wake.wait_for(waiting, betweenPings, [this] { return m_awake || m_ends; });
        m_awake = false;
        waiting.unlock();
        const Clock::time_point present = Clock::now();
        const bool ping = present - pinged >= betweenPings, keep = present - kept >= betweenStates;
        if (ping) pinged = present;
        if (keep) kept = present;
        {
            const std::lock_guard lock(m_mutex);
            m_training.take();
            tellWatchers(ping);
            askForStates(keep);
            startWaiting();
        }
        writeStates();
        waiting.lock();
        m_wake.wait_for(waiting, betweenEvents, [this] { return m_ends; });
    }
}

void RunBook::tellWatchers(bool ping) {
    for (auto& [id, run] : m_runs) {
        if (run->changed || ping) {
            const std::string text = run->changed ? statusEvent(*run) : std::string(": ping\n\n");
            std::erase_if(run->watchers, [&text](const StreamPtr& watcher) {
                if (watcher->push(text)) return false;
                watcher->close();
                return true;
            });
        }
        run->changed = false;
    }
}

/// Of those that go on now and then, of those that came to rest at once.
void RunBook::askForStates(bool due) {
    for (auto& [id, run] : m_runs) {
        const bool newer = run->run->step() != run->keptStep;
        if (newer && (run->ended || (due && isTraining(*run->run)))) run->run->requestState();
        run->ended = false;
    }
}

void RunBook::keepState(ServedRun& run, const TrainingStatePtr& state) {
    if (state->step == run.keptStep) return;
    run.keptStep = state->step;
    m_writing.push_back({run.folder, sessionRunOf(*run.run, state)});
}

/// Without the lock: the disk may take its time.
void RunBook::writeStates() {
    std::vector<Kept> states;
    {
        const std::lock_guard lock(m_mutex);
        states.swap(m_writing);
    }
    for (const Kept& each : states) {
        try {
            if (std::filesystem::exists(each.folder.path())) each.folder.keep(each.run);
        } catch (const std::exception& error) {
            std::error_code ignored;
            if (std::filesystem::exists(each.folder.path(), ignored)) m_complain(error.what());  // else it was deleted meanwhile
        }
    }
}

}  // namespace lab::server
