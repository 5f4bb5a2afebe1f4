#pragma once

#include <cstddef>
#include <vector>

namespace lab {

/// R of Transformer-XL (Dai et al. 2019, arXiv 1901.02860, section 3.3): a vector of d numbers for each distance, below 0 too. First all
/// sines, then all cosines: sin(x / 10000^(2c/d)), c = 0, 1, ..; an odd d has one cosine less. Kept from pass to pass (Scratch::kept), for
/// as far as anybody has asked.
template <class T>
class DistanceVectors {
public:
    /// Rows of distances -farthest .. farthest.
    void reach(int d, int farthest);

    /// [.., d]: the vectors of distance `from` and those that follow it, within what reach() was asked for.
    const T* rows(int from) const { return m_rows.data() + static_cast<std::ptrdiff_t>(from + m_farthest) * m_d; }

private:
    int m_d = 0, m_farthest = -1;
    std::vector<T> m_rows;
};

}  // namespace lab
