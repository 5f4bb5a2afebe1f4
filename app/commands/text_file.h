#pragma once

#include <filesystem>
#include <string>

namespace lab {

/// A text in UTF-8. Throws InputError naming the file: it cannot be read, or is none.
std::string readText(const std::filesystem::path& path);

}  // namespace lab
