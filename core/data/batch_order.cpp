#include "core/data/batch_order.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string>

#include "core/base/random.h"
#include "core/config/training_config.h"
#include "core/data/dataset.h"

namespace lab {

BatchOrder::BatchOrder(const TrainingConfig& training, int trainSize, bool drawn)
    : m_seed(training.seed),
      m_batchSize(training.batch_size),
      m_trainSize(trainSize),
      m_kind(!training.shuffle ? SampleOrder::inOrder
             : drawn           ? SampleOrder::drawn
                               : SampleOrder::shuffled) {
    assert(trainSize >= 1 && (m_kind != SampleOrder::shuffled || trainSize >= m_batchSize));
    m_batch.resize(static_cast<std::size_t>(m_batchSize));
}

const std::vector<int>& BatchOrder::indices(std::int64_t k) {
    assert(k >= 0);
    if (m_kind == SampleOrder::drawn) {
        draw(k);
        return m_batch;
    }
    if (m_kind == SampleOrder::inOrder) {
        for (int r = 0; r < m_batchSize; ++r) m_batch[static_cast<std::size_t>(r)] = static_cast<int>((k * m_batchSize + r) % m_trainSize);
        return m_batch;
    }
    const std::int64_t perEpoch = m_trainSize / m_batchSize;
    if (k / perEpoch != m_epoch) shuffle(k / perEpoch);
    const auto first = m_order.begin() + (k % perEpoch) * m_batchSize;
    std::copy_n(first, m_batchSize, m_batch.begin());
    return m_batch;
}

void BatchOrder::draw(std::int64_t k) {
    const RandomStream stream(m_seed, "training.blocks");
    for (int r = 0; r < m_batchSize; ++r)
        m_batch[static_cast<std::size_t>(r)] =
            static_cast<int>(stream.below(static_cast<std::uint64_t>(k * m_batchSize + r), static_cast<std::uint32_t>(m_trainSize)));
}

/// Fisher and Yates, with an own stream of random numbers for each epoch.
void BatchOrder::shuffle(std::int64_t epoch) {
    m_epoch = epoch;
    m_order.resize(static_cast<std::size_t>(m_trainSize));
    std::iota(m_order.begin(), m_order.end(), 0);
    const RandomStream stream(m_seed, "training.order." + std::to_string(epoch));
    for (std::size_t i = m_order.size() - 1; i > 0; --i) {
        std::swap(m_order[i], m_order[stream.below(i, static_cast<std::uint32_t>(i + 1))]);
    }
}

std::vector<int> batchIndices(const TrainingConfig& training, int trainSize, std::int64_t k) {
    return BatchOrder(training, trainSize).indices(k);
}

}  // namespace lab
