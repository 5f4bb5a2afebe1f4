#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// An experiment and where it comes from.
struct ExperimentSource {
    Experiment experiment;
    std::filesystem::path folder;  ///< its data's paths are relative to this; empty = the working folder
    std::string stem;              ///< the preset's or file's name without extension
};

/// Reads an experiment or pairs file, or takes a preset when there is no such file. Throws InputError.
ExperimentSource experimentNamed(const std::string& fileOrPreset);

/// Applies "--set KEY=VALUE" words in their order. Throws UsageError without a '=', InputError for keys and values.
void applySettings(Experiment& experiment, const std::vector<std::string>& settings);

}  // namespace lab
