#pragma once

#include <filesystem>

namespace lab {

struct Experiment;

/// Reads an experiment file; throws InputError "FILE: model.heads: unknown key...".
Experiment loadExperiment(const std::filesystem::path& path);

/// Writes it as it stands (derived values that are absent stay absent), all or nothing.
void saveExperiment(const std::filesystem::path& path, const Experiment& experiment);

/// The experiment as it must read in folder `to` when it was meant for folder `from`: relative data paths keep leading to the same files.
Experiment relocated(Experiment experiment, const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace lab
