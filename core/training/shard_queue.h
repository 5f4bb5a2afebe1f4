#pragma once

#include <mutex>
#include <optional>
#include <vector>

namespace lab {

/// Some sequences of one group, to go through the model together.
struct Shard {
    int group = 0;
    int first = 0;  ///< in the batch
    int count = 0;
};

/// The groups of a batch, cut into shards, for threads that take one after another. The shards of a group follow each other, so that its
/// gradient does not depend on who computes them; those of different groups go side by side. The groups get on evenly: where one thread is
/// slower, as beside a window that draws, what is left at the end is in many groups, for the others to take. Safe to call from several
/// threads.
class ShardQueue {
public:
    ShardQueue(int sequences, int groups, int sequencesPerShard);

    /// Of the groups nobody works on one with most left, `favourite` if it is such a one. Nothing when there is none.
    std::optional<Shard> take(int favourite = -1);
    /// To be called when the shard that was taken is computed.
    void finish(const Shard& shard);

private:
    struct Group {
        int next = 0;
        int end = 0;
        bool busy = false;
        int left() const { return end - next; }
    };
    std::mutex m_mutex;
    std::vector<Group> m_groups;
    int m_sequencesPerShard;
};

}  // namespace lab
