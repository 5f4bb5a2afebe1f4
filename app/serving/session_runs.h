#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "server/service/runs.h"
#include "ui/documents/session.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// The runs of a window as those that are served. They belong to the window's thread: whoever asks hands over what is to be done there and
/// waits; the window never waits for who asks. Their names hold as long as they are open. What is made goes beside the runs that are open,
/// as if the window had made it, and what a person made is not deleted.
class SessionRuns : public QObject, public server::Runs {
    Q_OBJECT

public:
    /// `dataFolder`: what the data of runs that are made are relative to.
    SessionRuns(Session& session, std::filesystem::path dataFolder, std::size_t mostRuns);
    ~SessionRuns() override;

    // The window's thread. Closed at first: what waits, and what comes, is refused.
    void open();
    void close();

    // Any other thread.
    Made create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash) override;
    Made branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change, bool trains) override;
    void remove(const std::string& id) override;
    void setTraining(const std::string& id, bool trains) override;
    void stepOnce(const std::string& id) override;
    CheckpointPtr weightsAt(const std::string& id, std::int64_t step) override;
    TrainingStatePtr stateAt(const std::string& id, std::int64_t step) override;
    server::StreamPtr watch(const std::string& id) override;
    std::size_t count() override;

private:
    struct OpenRun : server::ServedRun {
        Run* shell = nullptr;
        bool isClients = false;  ///< a client made it, and nobody has looked at it at the window
    };
    /// What somebody waits for.
    struct Errand {
        enum class State { waiting, underWay, done, givenUp };
        std::function<void()> act;
        State state = State::waiting;
        std::exception_ptr problem = nullptr;
    };
    /// A moment that is recomputed.
    struct Wanted {
        const Run* run = nullptr;
        std::int64_t step = 0;
        TrainingStatePtr state = nullptr;
        std::optional<server::Refusal> refusal = {};
    };

    void hold(const std::string& id, const std::function<void(server::ServedRun&)>& look) override;
    void holdAll(const std::function<void(server::ServedRun&)>& look) override;
    void atWindow(const std::function<void()>& act);
    void run(Errand& errand);
    TrainingStatePtr momentOf(const std::string& id, std::int64_t step);
    std::string madeBefore(const std::string& key, const std::string& bodyHash);

    // The window's thread.
    OpenRun& found(const std::string& id);
    OpenRun* entryOf(const Run* run);
    void enter(Run* run);
    void leave(const Run* run);
    std::string adopt(Run* run, const std::filesystem::path& folder, bool trains);
    void tell(const Run* run);
    void tellAll(bool ping);
    void answer(const Run* run, const TrainingStatePtr& state, std::optional<server::Refusal> refusal);

    Session& m_session;
    std::filesystem::path m_dataFolder;
    std::size_t m_mostRuns;
    std::vector<std::unique_ptr<OpenRun>> m_runs;
    QTimer m_telling, m_pinging;
    std::mutex m_making;     ///< one run after the other; taken before m_mutex, as is the next
    std::mutex m_replaying;  ///< one moment after the other
    std::mutex m_mutex;      ///< of what follows
    std::condition_variable m_changed;
    std::atomic<bool> m_open = false;  ///< changed with the mutex
    Wanted m_wanted;
    GuiPost m_post;
};

}  // namespace lab
