#pragma once

#include <filesystem>

// What replaceFile (platform_files.h) leaves beside a file when its process is killed.

namespace lab {

/// Whether a file is one that replaceFile writes beside another: not whole, or not in its place yet.
bool isUnfinished(const std::filesystem::path& file);
/// Removes those of processes that were killed from a folder.
void removeUnfinished(const std::filesystem::path& folder);

}  // namespace lab
