#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lab {

/// Rows seen along their two widest directions: principal components, of the rows with their mean taken off.
struct PrincipalPlane {
    std::vector<double> mean;    ///< [width]
    std::vector<double> first;   ///< [width], of length 1, or of 0 where nothing is spread; its largest number is positive
    std::vector<double> second;  ///< [width], square to the first
    /// Shares of the whole variance that lie along them; 0 where nothing is spread.
    double firstShare = 0, secondShare = 0;
    std::vector<double> x, y;  ///< of every row
};

/// `values` [rows, width]; exact (an eigendecomposition of the covariance). The signs of the directions are fixed, so that the same rows
/// make the same picture.
PrincipalPlane principalPlane(std::span<const float> values, std::size_t width);

}  // namespace lab
