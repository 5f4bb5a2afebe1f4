#pragma once

#include <filesystem>
#include <string>

namespace lab {

/// What a server wants to hear of who asks it. Throws InputError naming the file: it cannot be read, or is too short.
std::string readToken(const std::filesystem::path& file);

}  // namespace lab
