#pragma once

#include <algorithm>

namespace lab {

/// z of a head that uses this share of the longest span (Sukhbaatar et al. 2019, arXiv 1905.07799, section 3.2).
inline double spanOfShare(double share, int longest) {
    return longest * std::clamp(share, 0.0, 1.0);
}

/// m_z(x) = clamp((R + z - x) / R, 0, 1) at distance x (equation 2).
inline double spanMask(double x, double z, double ramp) {
    return std::clamp((ramp + z - x) / ramp, 0.0, 1.0);
}

}  // namespace lab
