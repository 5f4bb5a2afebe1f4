#include "core/training/checkpoint_copies.h"

#include <utility>

namespace lab {
namespace {

constexpr std::size_t mostUnused = 2;

}  // namespace

CheckpointPtr CheckpointCopies::make(std::int64_t step, const Weights& weights) {
    std::unique_ptr<Checkpoint> copy = m_unused->take();
    if (!copy) copy = std::make_unique<Checkpoint>();
    copy->step = step;
    copy->weights = weights;
    const auto release = [unused = std::weak_ptr(m_unused)](Checkpoint* checkpoint) {
        std::unique_ptr<Checkpoint> released(checkpoint);
        if (const auto kept = unused.lock()) kept->put(std::move(released));
    };
    return {copy.release(), release};
}

void CheckpointCopies::Unused::put(std::unique_ptr<Checkpoint> checkpoint) {
    const std::lock_guard lock(m_mutex);
    if (m_checkpoints.size() < mostUnused) m_checkpoints.push_back(std::move(checkpoint));
}

std::unique_ptr<Checkpoint> CheckpointCopies::Unused::take() {
    const std::lock_guard lock(m_mutex);
    if (m_checkpoints.empty()) return nullptr;
    std::unique_ptr<Checkpoint> last = std::move(m_checkpoints.back());
    m_checkpoints.pop_back();
    return last;
}

}  // namespace lab
