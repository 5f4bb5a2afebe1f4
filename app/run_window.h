#pragma once

#include <filesystem>
#include <optional>

namespace lab {

/// Opens the window, with a file (experiment, checkpoint, grid or results) in it if one is given, and returns the program's exit code.
/// Without one, `startPage` lets the start page come if the person has not switched it off.
int runWindow(int& argc, char** argv, const std::optional<std::filesystem::path>& file, bool startPage);

}  // namespace lab
