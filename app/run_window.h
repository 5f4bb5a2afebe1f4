#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lab {

/// What the window begins with.
struct WindowStart {
    std::optional<std::filesystem::path> file;  ///< experiment, checkpoint, grid or results
    std::string lesson;                         ///< its file, or its id; empty: the pinned one
    bool page = true;                           ///< without a file, the start page comes if the person has not switched it off
};

/// Opens the window and returns the program's exit code.
int runWindow(int& argc, char** argv, const WindowStart& start);

}  // namespace lab
