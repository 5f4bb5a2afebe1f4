#pragma once

#include <cstdint>
#include <vector>

namespace lab {

struct TrainingConfig;

/// How the samples of a batch follow one another.
enum class SampleOrder {
    inOrder,   ///< (k batch_size + r) mod N
    shuffled,  ///< each epoch a new order, its incomplete last batch dropped
    drawn,     ///< each for itself, uniformly: a pure function of (training.seed, k, r)
};

/// Which training samples make up batch k (step t trains on k = t - 1). For step after step use BatchOrder, which keeps the epoch's order.
std::vector<int> batchIndices(const TrainingConfig& training, int trainSize, std::int64_t k);

/// batchIndices() for step after step: keeps the present epoch's order instead of drawing it anew each time. Same results.
class BatchOrder {
public:
    /// trainSize >= 1; shuffled, trainSize >= training.batch_size. `drawn`: the data draw their samples, if they are shuffled at all.
    BatchOrder(const TrainingConfig& training, int trainSize, bool drawn = false);

    /// The samples of batch k >= 0; valid until the next call.
    const std::vector<int>& indices(std::int64_t k);

private:
    void draw(std::int64_t k);
    void shuffle(std::int64_t epoch);

    std::uint64_t m_seed;
    int m_batchSize;
    int m_trainSize;
    SampleOrder m_kind;
    std::int64_t m_epoch = -1;
    std::vector<int> m_order;  ///< [trainSize] of m_epoch
    std::vector<int> m_batch;  ///< [batchSize]
};

}  // namespace lab
