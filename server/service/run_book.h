#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/runs/training_runs.h"
#include "server/http/stream.h"
#include "server/service/run_folder.h"

namespace lab::server {

/// A run that is served.
struct ServedRun {
    std::string id;
    RunFolder folder;
    TrainingRunPtr run;
    std::string key = {}, bodyHash = {};  ///< of the request that made it
    std::int64_t created = 0;             ///< seconds since 1970
    std::int64_t keptStep = -1;           ///< of the state on disk
    bool changed = false;                 ///< told of since the last event went out
    bool ended = false;                   ///< came to rest since its state was last asked for
    bool wanted = false;                  ///< trains, or waits for its turn
    std::vector<StreamPtr> watchers = {};
    CheckpointPtr weightsAt = nullptr;
    TrainingStatePtr stateAt = nullptr;
    Message replayError = {};
};

/// The runs of a server, on disk and training. Any thread; whoever holds the lock owns the runs, for no longer than it takes to look or to
/// command. A thread of its own takes the news, tells the watchers and keeps states.
class RunBook {
public:
    /// Opens the runs of `folder`/runs; data are those of `folder`/data. At most `jobs` train at the same
    /// time, the others wait in the order in which they were made. One that cannot be opened is left alone and told to `complain`.
    RunBook(std::filesystem::path folder, std::size_t mostRuns, int jobs, const std::function<void(const std::string&)>& complain);
    ~RunBook();  ///< stops, and keeps all states

    struct Made {
        std::string id;
        bool anew = true;  ///< false: an earlier request with the same key had made it
    };
    /// Loads, writes down and adds a run. Throws InputError, or Refusal for a key that came with another body and for more runs than may
    /// be.
    Made create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash);
    /// A moment of another run goes on with other settings.
    Made branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change, bool trains);
    void remove(const std::string& id);

    /// Calls `look` while the runs are held. Throws Refusal 404.
    template <class Look>
    auto with(const std::string& id, Look look) {
        const std::lock_guard lock(m_mutex);
        return look(found(id));
    }
    template <class Look>
    void each(Look look) {
        const std::lock_guard lock(m_mutex);
        for (auto& [id, run] : m_runs) look(*run);
    }
    std::size_t count();

    void setTraining(const std::string& id, bool trains);
    void stepOnce(const std::string& id);

    /// The weights of a step done; recomputed where the history has them not, which may take a while. Throws Refusal.
    CheckpointPtr weightsAt(const std::string& id, std::int64_t step);
    TrainingStatePtr stateAt(const std::string& id, std::int64_t step);

    /// What happens from now on, as events of a stream (WHATWG HTML 9.2); the first is how it stands.
    StreamPtr watch(const std::string& id);

private:
    struct Kept {
        RunFolder folder;
        SessionRun run;
    };
    ServedRun& found(const std::string& id);
    ServedRun& enter(ServedRun run);
    void open(const std::filesystem::path& folder);
    const ServedRun* madeBy(const std::string& key, const std::string& bodyHash) const;
    void requireRoom() const;
    static void requireDone(const TrainingRun& run, std::int64_t step);
    void told(TrainingRun& run, const RunEvents& events);
    template <class Answer>
    Answer waitFor(const std::string& id, const std::function<void(TrainingRun&)>& ask, Answer ServedRun::*answer);
    void want(ServedRun& run, bool trains);
    void startWaiting();
    void attend();
    void tellWatchers(bool ping);
    void askForStates(bool due);
    void keepState(ServedRun& run, const TrainingStatePtr& state);
    void writeStates();

    std::filesystem::path m_folder, m_dataFolder;
    std::size_t m_mostRuns;
    int m_jobs;
    std::function<void(const std::string&)> m_complain;
    std::mutex m_making;  ///< one run after the other; taken before m_mutex
    std::mutex m_mutex;   ///< of the runs
    std::condition_variable m_answers;
    std::map<std::string, std::unique_ptr<ServedRun>> m_runs;
    std::vector<Kept> m_writing;
    std::mutex m_wakeMutex;  ///< the training thread takes it: never held while the runs are commanded
    std::condition_variable m_wake;
    bool m_awake = false, m_ends = false;
    TrainingRuns m_training;
    std::thread m_keeper;
};

}  // namespace lab::server
