#include "ui/runs/latest_task.h"

#include "ui/text/message_text.h"

namespace lab {
namespace {

Worker::Failed shownTo(LatestTask::Failed failed) {
    if (!failed) return {};
    return [failed = std::move(failed)](const Message& message) { failed(shown(message)); };
}

}  // namespace

void LatestTask::request(std::function<Found(const Wanted&)> work, Failed failed) {
    requestTold([work = std::move(work)](Worker::Context& context) { return work([&context] { return !context.cancelled(); }); },
                std::move(failed));
}

void LatestTask::requestTold(std::function<Found(Worker::Context&)> work, Failed failed) {
    m_worker.request([work = std::move(work)](Worker::Context& context) { context.tell(work(context)); }, shownTo(std::move(failed)));
}

void LatestTask::request(std::function<Found()> work, Failed failed) {
    request([work = std::move(work)](const Wanted&) { return work(); }, std::move(failed));
}

}  // namespace lab
