#pragma once

#include <vector>

#include "core/config/experiment.h"

namespace lab {

class Arguments;

/// `bench --shards`: takes each experiment's step apart and tells how fast more cores would be, on paper.
int benchShards(const Arguments& arguments, const std::vector<Experiment>& experiments);

}  // namespace lab
