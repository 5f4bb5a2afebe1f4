#pragma once

#include "app/commands/arguments.h"

namespace lab {

/// `bench --grid growth`: measures, prints and writes the curves.
int benchGrowth(const Arguments& arguments, const std::vector<int>& threads);

}  // namespace lab
