// The mask of pattern lsh, which hangs on the vectors: of each head its own. No gradient goes through it: a bucket is a choice.

#include <algorithm>
#include <limits>

#include "core/layers/attention/attention.h"

namespace lab {

Hashing::Hashing(const Visibility& visibility, const std::string& layer, int heads, int width)
    : numbers(lshNumbersOf(visibility)), causal(visibility.causal()), diagonalMasked(visibility.diagonalMasked()) {
    for (int h = 0; h < heads; ++h) directions.push_back(lshDirections(numbers, layer, h, width));
}

template <class T>
LshPairs Hashing::pairs(int head, const T* keys, int ld, int count, int width) const {
    const auto& own = directions[static_cast<std::size_t>(head)];
    return {numbers, lshBuckets(numbers, own, keys, ld, count, width), causal, diagonalMasked};
}

/// masked [H, T, T]: hides what no round brings together. buckets [H, rounds, T] may be changed on the way.
template <class T>
void Attention::hideOtherBuckets(Pass<T>& pass, const T* keys, int count, T* masked) const {
    const LshNumbers& numbers = m_hashing->numbers;
    const std::size_t ofHead = static_cast<std::size_t>(numbers.rounds) * static_cast<std::size_t>(count);
    T* buckets = pass.take(static_cast<std::size_t>(m_heads) * ofHead);
    for (int h = 0; h < m_heads; ++h) {
        const T* own = keys + static_cast<std::ptrdiff_t>(h * m_kvHeads / m_heads) * count * m_headDim;
        const auto& directions = m_hashing->directions[static_cast<std::size_t>(h)];
        const std::vector<int> found = lshBuckets(numbers, directions, own, m_headDim, count, m_headDim);
        std::transform(found.begin(), found.end(), buckets + static_cast<std::size_t>(h) * ofHead, [](int b) { return static_cast<T>(b); });
    }
    if (pass.tap) pass.tap->tensor(m_name + ".buckets", {m_heads, numbers.rounds, count}, buckets);
    std::vector<int> own(ofHead);
    for (int h = 0; h < m_heads; ++h, buckets += ofHead) {
        pass.goOn();
        std::transform(buckets, buckets + ofHead, own.begin(),
                       [&](T b) { return std::clamp(static_cast<int>(b), 0, numbers.buckets - 1); });
        // code: mask hashed
        const LshPairs pairs(numbers, own, m_hashing->causal, m_hashing->diagonalMasked);
        for (int i = 0; i < count; ++i)
            for (int j = 0; j < count; ++j, ++masked)
                if (!pairs.mayAttend(i, j)) *masked = -std::numeric_limits<T>::infinity();
        // end code
    }
}

template LshPairs Hashing::pairs(int, const float*, int, int, int) const;
template LshPairs Hashing::pairs(int, const double*, int, int, int) const;
template void Attention::hideOtherBuckets(Pass<float>&, const float*, int, float*) const;
template void Attention::hideOtherBuckets(Pass<double>&, const double*, int, double*) const;

}  // namespace lab
