#include "core/training/checkpoint_copies.h"

#include <utility>

namespace lab {
namespace {

constexpr std::size_t mostUnused = 2;

}  // namespace

CheckpointPtr CheckpointCopies::make(std::int64_t step, const Weights& weights) {
    std::unique_ptr<Weights> copy = m_unused->take();
    if (!copy) copy = std::make_unique<Weights>();
    *copy = weights;
    const auto release = [unused = std::weak_ptr(m_unused)](Weights* released) {
        std::unique_ptr<Weights> owned(released);
        if (const auto kept = unused.lock()) kept->put(std::move(owned));
    };
    return std::make_shared<const Checkpoint>(step, std::shared_ptr<const Weights>(copy.release(), release));
}

void CheckpointCopies::Unused::put(std::unique_ptr<Weights> copy) {
    const std::lock_guard lock(m_mutex);
    if (m_copies.size() < mostUnused) m_copies.push_back(std::move(copy));
}

std::unique_ptr<Weights> CheckpointCopies::Unused::take() {
    const std::lock_guard lock(m_mutex);
    if (m_copies.empty()) return nullptr;
    std::unique_ptr<Weights> last = std::move(m_copies.back());
    m_copies.pop_back();
    return last;
}

}  // namespace lab
