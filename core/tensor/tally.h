#pragma once

#include <vector>

namespace lab {

/// How many of the positions of one group are predicted right.
struct Tally {
    int right = 0;
    int asked = 0;

    double share() const { return asked > 0 ? static_cast<double>(right) / asked : 0; }
    Tally& operator+=(const Tally& other) {
        right += other.right, asked += other.asked;
        return *this;
    }
    bool operator==(const Tally&) const = default;
};

/// Of which group the target at each position of a sample is; -1: of none. As long as Sample::targets.
using TargetGroups = std::vector<signed char>;

}  // namespace lab
