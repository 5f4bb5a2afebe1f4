#pragma once

#include <filesystem>
#include <string>

#include "core/config/architecture.h"

namespace lab {

struct Experiment;

/// By its ending: .tsv or .txt, in any case of letters.
bool isPairsFile(const std::filesystem::path& path);

/// The experiment that a bare pairs file stands for, its path relative to the file's folder. Throws InputError when it cannot be read.
Experiment experimentOnPairs(const std::filesystem::path& path);

/// An experiment on so many pairs, in a file beside its own.
Experiment experimentOfPairs(const std::string& name, const std::string& file, std::int64_t lines, Architecture architecture);

/// Pairs and the experiment on them, side by side: BASE.tsv and BASE.json.
struct PairsPaths {
    std::filesystem::path pairs, experiment;
};
PairsPaths pairsPaths(const std::filesystem::path& base);
/// `base` itself, or with a number behind it: one of which neither file exists.
std::filesystem::path freeBase(const std::filesystem::path& base);
/// Writes both, all or nothing; throws InputError when one cannot be written, or is there already.
void savePairs(const std::filesystem::path& base, const std::string& pairs, const Experiment& experiment);

}  // namespace lab
