#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace lab {

/// So many bytes of what a file begins with, to tell what it is; fewer where it has no more, none where it cannot be read.
std::string fileStart(const std::filesystem::path& path, std::size_t bytes);

}  // namespace lab
