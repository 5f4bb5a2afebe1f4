#pragma once

#include <filesystem>

namespace lab {

struct Experiment;

/// By its ending: .tsv or .txt.
bool isPairsFile(const std::filesystem::path& path);

/// The experiment that a bare pairs file stands for, its path relative to the file's folder. Throws InputError when it cannot be read.
Experiment experimentOnPairs(const std::filesystem::path& path);

}  // namespace lab
