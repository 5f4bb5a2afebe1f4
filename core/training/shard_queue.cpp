#include "core/training/shard_queue.h"

#include <algorithm>

namespace lab {

ShardQueue::ShardQueue(int sequences, int groups, int sequencesPerShard)
    : m_groups(static_cast<std::size_t>(groups)), m_sequencesPerShard(sequencesPerShard) {
    for (int g = 0; g < groups; ++g) m_groups[static_cast<std::size_t>(g)] = {sequences * g / groups, sequences * (g + 1) / groups};
}

std::optional<Shard> ShardQueue::take(int favourite) {
    const std::lock_guard lock(m_mutex);
    const auto available = [](const Group& group) { return group.busy ? 0 : group.left(); };
    auto best =
        std::max_element(m_groups.begin(), m_groups.end(), [&](const Group& a, const Group& b) { return available(a) < available(b); });
    if (favourite >= 0 && available(m_groups[static_cast<std::size_t>(favourite)]) == available(*best)) best = m_groups.begin() + favourite;
    if (available(*best) == 0) return std::nullopt;
    const Shard shard{static_cast<int>(best - m_groups.begin()), best->next, std::min(m_sequencesPerShard, best->left())};
    best->next += shard.count;
    best->busy = true;
    return shard;
}

void ShardQueue::finish(const Shard& shard) {
    const std::lock_guard lock(m_mutex);
    m_groups[static_cast<std::size_t>(shard.group)].busy = false;
}

}  // namespace lab
