#include "server/service/runs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/service/making.h"
#include "server/service/run_json.h"

namespace lab::server {

bool ServedRun::isMadeBy(const std::string& withKey, const std::string& withBodyHash) const {
    return MakingRequest{withKey, withBodyHash}.isAgain({key, bodyHash});
}

StreamPtr ServedRun::watch() {
    auto stream = std::make_shared<Stream>();
    stream->push("retry: 1000\n\n" + statusEvent(*this));
    watchers.push_back(stream);
    return stream;
}

void ServedRun::tellWatchers(bool ping) {
    if (!watchers.empty() && (changed || ping)) {
        const std::string text = changed ? statusEvent(*this) : std::string(": ping\n\n");
        std::erase_if(watchers, [&text](const StreamPtr& watcher) {
            if (watcher->push(text)) return false;
            watcher->close();
            return true;
        });
    }
    changed = false;
}

Refusal unknownRun(const std::string& id) {
    return {404, Message(LAB_TEXT("server", "there is no run %1")).arg(id)};
}

void requireRoomFor(std::size_t runs, std::size_t mostRuns) {
    if (runs >= mostRuns) throw noRoom(Message(LAB_TEXT("server", "%1 runs are held, as many as may be; delete one")).arg(mostRuns));
}

void requireDone(const TrainingRun& run, std::int64_t step) {
    const std::int64_t first = run.history().empty() ? run.step() : run.history().checkpoints().front()->step;
    if (step >= first && step <= run.step()) return;
    throw Refusal(404, Message(LAB_TEXT("server", "step %1 is not done; there are steps %2 to %3")).arg(step).arg(first).arg(run.step()));
}

CheckpointPtr weightsAtHand(const TrainingRun& run, std::int64_t step) {
    if (run.latest() && run.latest()->step == step) return run.latest();
    const CheckpointPtr before = run.history().atOrBefore(step);
    return before && before->step == step ? before : nullptr;
}

Refusal stillComputed() {
    Refusal refusal(503, LAB_TEXT("server", "that step is still being computed; ask again"));
    refusal.headers.emplace_back("Retry-After", "10");
    return refusal;
}

}  // namespace lab::server
