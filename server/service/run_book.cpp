#include "server/service/run_book.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/derive.h"
#include "core/data/loaded_task.h"
#include "core/runs/session_run.h"
#include "core/training/branch.h"
#include "core/training/memory_need.h"
#include "server/service/making.h"
#include "server/service/run_json.h"

namespace lab::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds betweenEvents{33};
constexpr std::chrono::seconds betweenPings{15}, betweenStates{20}, longestWait{60};

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
    openAll();
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

void RunBook::openAll() {
    const std::filesystem::directory_iterator found(m_folder / "runs");
    for (const std::filesystem::path& folder : std::vector<std::filesystem::path>(begin(found), end(found))) {
        if (!std::filesystem::is_directory(folder)) continue;
        try {
            RunFolder::isUnfinished(folder) ? RunFolder(folder).remove() : open(folder);
        } catch (const std::exception& error) {
            m_complain(utf8Text(folder.filename()) + ": " + error.what());
        }
    }
}

RunBook::KeptRun& RunBook::found(const std::string& id) {
    const auto at = m_runs.find(id);
    if (at == m_runs.end()) throw unknownRun(id);
    return *at->second;
}

void RunBook::hold(const std::string& id, const std::function<void(ServedRun&)>& look) {
    const std::lock_guard lock(m_mutex);
    look(found(id));
}

void RunBook::holdAll(const std::function<void(ServedRun&)>& look) {
    const std::lock_guard lock(m_mutex);
    for (auto& [id, run] : m_runs) look(*run);
}

std::size_t RunBook::count() {
    const std::lock_guard lock(m_mutex);
    return m_runs.size();
}

/// As it was when the server ended, however it ended.
void RunBook::open(const std::filesystem::path& folder) {
    const RunFolder kept(folder);
    const RunFolder::Asked asked = kept.asked();
    KeptRun run{{utf8Text(folder.filename()), nullptr, asked.key, asked.bodyHash, asked.created}, kept};
    if (const auto session = kept.kept()) {
        RunToRestore ready = prepared(*session, m_dataFolder);
        run.keptStep = ready.present.step;
        run.run = m_training.add(ready.task, ready.present, ready.origin).get();
        restore(*run.run, std::move(ready));
    } else {
        run.run = m_training.add(loadTask(asked.experiment, m_dataFolder)).get();
    }
    KeptRun& added = enter(std::move(run));
    added.wanted = kept.wanted() && isUnfinished(*added.run);
}

RunBook::KeptRun& RunBook::enter(KeptRun run) {
    run.run->setPace(0);  // a preset's pace is for eyes at a window
    const std::string id = run.id;
    return *m_runs.emplace(id, std::make_unique<KeptRun>(std::move(run))).first->second;
}

RunBook::Made RunBook::create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash) {
    const std::lock_guard making(m_making);
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [id, run] : m_runs)
            if (run->isMadeBy(key, bodyHash)) return {id, false};
        requireRoomFor(m_runs.size(), m_mostRuns);
    }
    const LoadedTask task = loadTask(experiment, m_dataFolder);
    requireTrainable(task);
    const std::string id = newId('r');
    const RunFolder folder(m_folder / "runs" / id);
    const std::int64_t created = presentTime();
    putOnDisk(folder, {experiment, key, bodyHash, created}, trains, nullptr);
    const std::lock_guard lock(m_mutex);
    want(enter({{id, m_training.add(task).get(), key, bodyHash, created}, folder}), trains);
    return {id, true};
}

/// All that is promised of a new run, or nothing; `first`: where it begins when that is not the experiment's beginning.
void RunBook::putOnDisk(const RunFolder& folder, const RunFolder::Asked& asked, bool trains, const SessionRun* first) {
    const RunFolder unfinished(RunFolder::unfinished(folder.path()));
    try {
        unfinished.make(asked);
        unfinished.setWanted(trains);
        if (first) unfinished.keep(*first);
        unfinished.becomes(folder);
    } catch (...) {
        unfinished.remove();
        throw;
    }
}

RunBook::Made RunBook::branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change, bool trains) {
    const TrainingStatePtr moment = stateAt(parent, step);
    const std::lock_guard making(m_making);
    const LoadedTask from = with(parent, [](ServedRun& run) { return LoadedTask{run.run->experiment(), run.run->dataset()}; });
    const std::string name = with(parent, [](ServedRun& run) { return run.run->name(); });
    {
        const std::lock_guard lock(m_mutex);
        requireRoomFor(m_runs.size(), m_mostRuns);
    }
    Experiment changed = from.experiment;
    change(changed);
    const LoadedTask task = loadBranchTask(changed, m_dataFolder, from);
    requireTrainable(task);
    const TrainingState start = branchState(*moment, from.experiment, task.experiment);
    const std::string id = newId('r');
    const RunFolder folder(m_folder / "runs" / id);
    const std::int64_t created = presentTime();
    TrainingRun* made = nullptr;
    SessionRun first;
    {
        const std::lock_guard lock(m_mutex);
        made = m_training.add(task, start, TrainingRun::Origin{name, step}).get();
        first = sessionRunOf(*made, std::make_shared<const TrainingState>(start));
    }
    try {
        putOnDisk(folder, {changed, {}, {}, created}, trains, &first);
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        m_training.remove(*made);
        throw;
    }
    const std::lock_guard lock(m_mutex);
    KeptRun& run = enter({{id, made, {}, {}, created}, folder});
    run.keptStep = step;
    want(run, trains);
    return {id, true};
}

void RunBook::remove(const std::string& id) {
    const std::lock_guard disk(m_disk);
    const std::lock_guard lock(m_mutex);
    KeptRun& run = found(id);
    run.folder.remove();  // first: where that fails it stays
    for (const StreamPtr& watcher : run.watchers) watcher->close();
    m_training.remove(*run.run);
    m_runs.erase(id);
    startWaiting();
    m_answers.notify_all();
}

void RunBook::setTraining(const std::string& id, bool trains) {
    const std::lock_guard lock(m_mutex);
    KeptRun& run = found(id);
    run.folder.setWanted(trains);
    want(run, trains);
}

void RunBook::want(KeptRun& run, bool trains) {
    run.wanted = trains && isUnfinished(*run.run);
    run.changed = true;
    if (!trains) run.run->pause();
    startWaiting();
}

/// The lock is held. Those that were made first go first.
void RunBook::startWaiting() {
    std::vector<KeptRun*> waiting;
    int training = 0;
    for (auto& [id, run] : m_runs) {
        training += isTraining(*run->run) ? 1 : 0;
        if (run->wanted && !isTraining(*run->run)) waiting.push_back(run.get());
    }
    std::ranges::stable_sort(waiting, {}, &KeptRun::created);
    for (KeptRun* run : waiting)
        if (training++ < m_jobs) run->run->train();
}

void RunBook::stepOnce(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    KeptRun& run = found(id);
    run.folder.setWanted(false);
    run.wanted = false;
    run.run->stepOnce();
}

/// Asks the training thread and waits until it has answered.
template <class Answer>
Answer RunBook::waitFor(const std::string& id, std::int64_t step, const std::function<void(TrainingRun&)>& ask, Answer KeptRun::*answer) {
    const std::lock_guard replaying(m_replaying);
    std::unique_lock lock(m_mutex);
    KeptRun& asked = found(id);
    asked.*answer = nullptr;
    asked.replayError = {};
    ask(*asked.run);
    Answer result;
    const bool told = m_answers.wait_for(lock, longestWait, [&] {
        KeptRun& run = found(id);
        result = run.*answer;
        if (!run.replayError.empty()) throw Refusal(422, run.replayError);
        return result && result->step == step;
    });
    if (told) return result;
    throw stillComputed();
}

CheckpointPtr RunBook::weightsAt(const std::string& id, std::int64_t step) {
    const CheckpointPtr there = with(id, [step](ServedRun& run) {
        requireDone(*run.run, step);
        return weightsAtHand(*run.run, step);
    });
    if (there) return there;
    return waitFor(
        id, step, [step](TrainingRun& run) { run.requestWeightsAt(step); }, &KeptRun::weightsAt);
}

TrainingStatePtr RunBook::stateAt(const std::string& id, std::int64_t step) {
    hold(id, [step](const ServedRun& run) { requireDone(*run.run, step); });
    return waitFor(
        id, step, [step](TrainingRun& run) { run.requestStateAt(step); }, &KeptRun::stateAt);
}

StreamPtr RunBook::watch(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    return found(id).watch();
}

/// On the keeper's thread, or while a command is given: the lock is held.
void RunBook::told(TrainingRun& run, const RunEvents& events) {
    const auto at = std::ranges::find_if(m_runs, [&run](const auto& each) { return each.second->run == &run; });
    if (at == m_runs.end()) return;
    KeptRun& served = *at->second;
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
            for (auto& [id, run] : m_runs) run->tellWatchers(ping);
            askForStates(keep);
            startWaiting();
        }
        writeStates();
        waiting.lock();
        m_wake.wait_for(waiting, betweenEvents, [this] { return m_ends; });
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

void RunBook::keepState(KeptRun& run, const TrainingStatePtr& state) {
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
        const std::lock_guard disk(m_disk);
        try {
            if (std::filesystem::exists(each.folder.path())) each.folder.keep(each.run);
        } catch (const std::exception& error) {
            std::error_code ignored;
            if (std::filesystem::exists(each.folder.path(), ignored)) m_complain(error.what());  // else it was deleted meanwhile
        }
    }
}

}  // namespace lab::server
