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
#include "server/service/run_folder.h"
#include "server/service/runs.h"

namespace lab::server {

/// The runs of a server, on disk and training. Any thread; whoever holds the lock owns the runs, for no longer than it takes to look or to
/// command. A thread of its own takes the news, tells the watchers and keeps states.
class RunBook : public Runs {
public:
    /// Opens the runs of `folder`/runs; data are those of `folder`/data. At most `jobs` train at the same
    /// time, the others wait in the order in which they were made. One that cannot be opened is left alone and told to `complain`.
    RunBook(std::filesystem::path folder, std::size_t mostRuns, int jobs, const std::function<void(const std::string&)>& complain);
    ~RunBook() override;  ///< stops, and keeps all states

    Made create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash) override;
    Made branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change, bool trains) override;
    void remove(const std::string& id) override;
    void setTraining(const std::string& id, bool trains) override;
    void stepOnce(const std::string& id) override;
    CheckpointPtr weightsAt(const std::string& id, std::int64_t step) override;
    TrainingStatePtr stateAt(const std::string& id, std::int64_t step) override;
    StreamPtr watch(const std::string& id) override;
    std::size_t count() override;

private:
    struct KeptRun : ServedRun {
        RunFolder folder;
        std::int64_t keptStep = -1;  ///< of the state on disk
        bool ended = false;          ///< came to rest since its state was last asked for
        CheckpointPtr weightsAt = nullptr;
        TrainingStatePtr stateAt = nullptr;
        Message replayError = {};
    };
    struct Kept {
        RunFolder folder;
        SessionRun run;
    };
    void hold(const std::string& id, const std::function<void(ServedRun&)>& look) override;
    void holdAll(const std::function<void(ServedRun&)>& look) override;
    KeptRun& found(const std::string& id);
    KeptRun& enter(KeptRun run);
    void openAll();
    void open(const std::filesystem::path& folder);
    static void putOnDisk(const RunFolder& folder, const RunFolder::Asked& asked, bool trains, const SessionRun* first);
    void told(TrainingRun& run, const RunEvents& events);
    template <class Answer>
    Answer waitFor(const std::string& id, std::int64_t step, const std::function<void(TrainingRun&)>& ask, Answer KeptRun::*answer);
    void want(KeptRun& run, bool trains);
    void startWaiting();
    void attend();
    void askForStates(bool due);
    void keepState(KeptRun& run, const TrainingStatePtr& state);
    void writeStates();

    std::filesystem::path m_folder, m_dataFolder;
    std::size_t m_mostRuns;
    int m_jobs;
    std::function<void(const std::string&)> m_complain;
    std::mutex m_replaying;  ///< one moment after the other: of two of a run that are asked for, the later would win; taken before m_mutex
    std::mutex m_disk;       ///< a state is written into a run's folder, or the folder removed; taken before m_mutex
    std::mutex m_making;     ///< one run after the other; taken before m_mutex
    std::mutex m_mutex;      ///< of the runs
    std::condition_variable m_answers;
    std::map<std::string, std::unique_ptr<KeptRun>> m_runs;
    std::vector<Kept> m_writing;
    std::mutex m_wakeMutex;  ///< the training thread takes it: never held while the runs are commanded
    std::condition_variable m_wake;
    bool m_awake = false, m_ends = false;
    TrainingRuns m_training;
    std::thread m_keeper;
};

}  // namespace lab::server
