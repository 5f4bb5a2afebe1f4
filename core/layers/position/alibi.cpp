#include "core/layers/position/alibi.h"

#include <bit>
#include <cmath>

namespace lab {
namespace {

std::vector<double> slopesOfPowerOfTwo(int heads) {
    std::vector<double> slopes;
    for (int h = 0; h < heads; ++h) slopes.push_back(std::pow(2.0, -8.0 * (h + 1) / heads));
    return slopes;
}

}  // namespace

std::vector<double> alibiSlopes(int heads) {
    const int near = static_cast<int>(std::bit_floor(static_cast<unsigned>(heads)));
    std::vector<double> slopes = slopesOfPowerOfTwo(near);
    const std::vector<double> finer = slopesOfPowerOfTwo(2 * near);
    for (int k = 0; static_cast<int>(slopes.size()) < heads; k += 2) slopes.push_back(finer[static_cast<std::size_t>(k)]);
    return slopes;
}

}  // namespace lab
