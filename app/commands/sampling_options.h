#pragma once

#include <vector>

#include "app/commands/arguments.h"
#include "core/model/sampling.h"

namespace lab {

/// An option for each rule of sampling: "--top-k K".
std::vector<Option> samplingOptions();

/// `sampling` with the numbers that were given, and --seed. Throws UsageError for one out of range.
Sampling samplingOf(const Arguments& arguments, Sampling sampling);

}  // namespace lab
