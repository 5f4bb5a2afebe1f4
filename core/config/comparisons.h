#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// A classic comparison that comes with the program (resources/comparisons/*.json, compiled in): variants of one experiment, trained side
/// by side from the same seeds.
struct ClassicComparison {
    std::string key;    ///< the file's name without order and extension: "forms"
    std::string name;   ///< "QKV / KV / KV+Pos"
    std::string about;  ///< what to look at
    /// Not resolved; each with its name, and with `about`.
    std::vector<Experiment> variants;
};

/// In the order in which they are offered.
const std::vector<ClassicComparison>& comparisons();

/// How many seeds stand behind what `about` says: training.seed 1 ..
constexpr int comparisonSeeds = 5;

/// Reads a comparison's text. Throws InputError naming the key that is wrong.
ClassicComparison parseComparison(std::string_view json);

/// The texts as they were compiled in, by file name: "1-forms".
struct ComparisonText {
    std::string_view name;
    std::string_view json;
};
const std::vector<ComparisonText>& comparisonTexts();

}  // namespace lab
