#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/runs/training_run.h"
#include "server/http/problem.h"
#include "server/http/stream.h"

namespace lab::server {

/// A run as it is served.
struct ServedRun {
    std::string id;
    TrainingRun* run = nullptr;           ///< its owner's
    std::string key = {}, bodyHash = {};  ///< of the request that made it
    std::int64_t created = 0;             ///< seconds since 1970; of one that no request made, when it was first served
    bool changed = false;                 ///< told of since the last event went out
    bool wanted = false;                  ///< trains, or waits for its turn
    std::vector<StreamPtr> watchers = {};

    /// Whether a request with this key had made it. Throws Refusal for a key that came with another body.
    bool isMadeBy(const std::string& withKey, const std::string& withBodyHash) const;
    /// One more who is told; first how it stands.
    StreamPtr watch();
    /// What is new, to all who watch; to keep their connections, something that says nothing.
    void tellWatchers(bool ping);
};

/// The runs that are served, whoever owns them: a folder's (RunBook), or those of a window. Any thread; each call comes back when it is
/// done, and throws Refusal when that cannot be.
class Runs {
public:
    virtual ~Runs() = default;

    struct Made {
        std::string id;
        bool anew = true;  ///< false: an earlier request with the same key had made it
    };
    /// Loads and adds a run. Throws InputError for what cannot be trained.
    virtual Made create(const Experiment& experiment, bool trains, const std::string& key, const std::string& bodyHash) = 0;
    /// A moment of another run goes on with other settings.
    virtual Made branch(const std::string& parent, std::int64_t step, const std::function<void(Experiment&)>& change, bool trains) = 0;
    virtual void remove(const std::string& id) = 0;
    virtual void setTraining(const std::string& id, bool trains) = 0;
    virtual void stepOnce(const std::string& id) = 0;
    /// The weights of a step done; recomputed where the history has them not, which may take a while.
    virtual CheckpointPtr weightsAt(const std::string& id, std::int64_t step) = 0;
    /// The same of the whole state, the optimizer's moments included.
    virtual TrainingStatePtr stateAt(const std::string& id, std::int64_t step) = 0;
    /// What happens from now on, as events of a stream (WHATWG HTML 9.2); the first is how it stands.
    virtual StreamPtr watch(const std::string& id) = 0;
    virtual std::size_t count() = 0;

    /// What `look` makes of a run, called while the runs are held: it is to be quick. Throws Refusal 404.
    template <class Look>
    auto with(const std::string& id, Look look) {
        using Seen = decltype(look(std::declval<ServedRun&>()));
        if constexpr (std::is_void_v<Seen>) {
            hold(id, look);
        } else {
            std::optional<Seen> seen;
            hold(id, [&](ServedRun& run) { seen.emplace(look(run)); });
            return std::move(*seen);
        }
    }
    void each(const std::function<void(ServedRun&)>& look) { holdAll(look); }

private:
    virtual void hold(const std::string& id, const std::function<void(ServedRun&)>& look) = 0;
    virtual void holdAll(const std::function<void(ServedRun&)>& look) = 0;
};

// What owners of served runs have in common.

Refusal unknownRun(const std::string& id);
/// Throws Refusal for more runs than may be.
void requireRoomFor(std::size_t runs, std::size_t mostRuns);
/// Throws Refusal for a step that was not done, or lies before all that is known.
void requireDone(const TrainingRun& run, std::int64_t step);
/// The weights of a step that need not be recomputed; else null.
CheckpointPtr weightsAtHand(const TrainingRun& run, std::int64_t step);
/// A step is not there yet.
Refusal stillComputed();

}  // namespace lab::server
