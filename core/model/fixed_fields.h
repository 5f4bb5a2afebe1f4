#pragma once

#include <string>
#include <vector>

namespace lab {

struct Experiment;

/// Paths of the keys of the model that its weights settle: no other value that is allowed has the same parameters. Of a choice, a truth
/// value and a number only; `resolved` is complete.
std::vector<std::string> fieldsFixedByWeights(const Experiment& resolved);

}  // namespace lab
