#pragma once

#include <filesystem>

namespace lab {

/// Whether a file says of itself that it is a lesson, sound or not.
bool isLessonFile(const std::filesystem::path& file);

}  // namespace lab
