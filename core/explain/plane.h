#pragma once

#include <utility>
#include <vector>

#include "core/explain/walk.h"

namespace lab::explain {

/// One arrow of the weighted sum: a key's value times its weight, laid tip to tail.
struct PlaneArrow {
    int key = -1;  ///< -1: all others together
    double weight = 0.0;
    double fromX = 0.0, fromY = 0.0, toX = 0.0, toY = 0.0;
    double valueX = 0.0, valueY = 0.0;  ///< the value itself, unweighted
};

/// The weighted sum of a row as vectors in a plane.
struct PlanePicture {
    std::vector<PlaneArrow> arrows;  ///< the largest contributions first, the rest last
    int others = 0;                  ///< how many keys the rest is
    double sumX = 0.0, sumY = 0.0;
    double held = 1.0;  ///< share of the weighted mean of |v|², from 0, that lies in the plane
    /// 1 - |sum of a v| / sum of |a v|: by how much the sum is shorter than what it is made of, because the values point apart.
    double shortened = 0.0;
    bool opposed = false;  ///< something that is added up points against the sum, or all of it together is 0
};

/// `values` [keys, dim]. Components: two different coordinates; -1 for a principal direction of the weighted values,
/// beside a coordinate the widest one square to it.
PlanePicture planeOf(const std::vector<double>& weights, const std::vector<double>& values, int dim,
                     std::pair<int, int> components = {-1, -1}, std::size_t arrows = 3);
/// The same for the query's row of a walk, from its stage "mix".
PlanePicture planeOf(const Stage& mix, std::pair<int, int> components = {-1, -1});

}  // namespace lab::explain
