#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lab {

/// Opens the window, with a file (experiment, checkpoint, grid or results) in it if one is given, and with a lesson (its file, or its id;
/// empty: the pinned one), and returns the program's exit code.
int runWindow(int& argc, char** argv, const std::optional<std::filesystem::path>& file, const std::string& lesson);

}  // namespace lab
