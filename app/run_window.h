#pragma once

#include <filesystem>
#include <optional>

namespace lab {

/// Opens the window, with a file (experiment, checkpoint, grid or results) in it if one is given, and returns the program's exit code.
int runWindow(int& argc, char** argv, const std::optional<std::filesystem::path>& file);

}  // namespace lab
