#pragma once

#include <string>
#include <vector>

#include "app/commands/arguments.h"
#include "core/training/bench.h"

namespace lab {

/// What the ways to call `bench` have in common.

/// Places, from 0, of all `count` rows or of those that --row picks.
std::vector<std::size_t> pickedRows(const Arguments& arguments, std::size_t count);
BenchSettings benchSettings(const Arguments& arguments);
void printBenchProgress(int round, int rounds, std::size_t row, std::size_t rows, const std::string& name);
/// "1 thread", "2 threads"
std::string threadText(int threads);

}  // namespace lab
