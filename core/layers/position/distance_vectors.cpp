#include "core/layers/position/distance_vectors.h"

#include <algorithm>
#include <cmath>

namespace lab {

template <class T>
void DistanceVectors<T>::reach(int d, int farthest) {
    if (d == m_d && farthest <= m_farthest) return;
    m_farthest = std::max(farthest, d == m_d ? 2 * m_farthest : 0);
    m_d = d;
    const int sines = (d + 1) / 2;
    m_rows.clear();
    for (int x = -m_farthest; x <= m_farthest; ++x)
        for (int c = 0; c < d; ++c) {
            const double angle = x / std::pow(10000.0, 2.0 * (c % sines) / d);
            m_rows.push_back(static_cast<T>(c < sines ? std::sin(angle) : std::cos(angle)));
        }
}

template class DistanceVectors<float>;
template class DistanceVectors<double>;

}  // namespace lab
