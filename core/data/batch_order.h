#pragma once

#include <cstdint>
#include <vector>

namespace lab {

struct TrainingConfig;

/// Which training samples make up batch k (step t trains on k = t - 1). Shuffled: each epoch a new order, its incomplete last batch
/// dropped; otherwise (k batch_size + r) mod N. For step after step use BatchOrder, which keeps the epoch's order.
std::vector<int> batchIndices(const TrainingConfig& training, int trainSize, std::int64_t k);

/// batchIndices() for step after step: keeps the present epoch's order instead of drawing it anew each time. Same results.
class BatchOrder {
public:
    /// trainSize >= 1; shuffled, trainSize >= training.batch_size.
    BatchOrder(const TrainingConfig& training, int trainSize);

    /// The samples of batch k >= 0; valid until the next call.
    const std::vector<int>& indices(std::int64_t k);

private:
    void shuffle(std::int64_t epoch);

    std::uint64_t m_seed;
    int m_batchSize;
    int m_trainSize;
    bool m_shuffled;
    std::int64_t m_epoch = -1;
    std::vector<int> m_order;  ///< [trainSize] of m_epoch
    std::vector<int> m_batch;  ///< [batchSize]
};

}  // namespace lab
