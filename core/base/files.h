#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lab {

/// The whole file. Throws InputError naming it and the reason ("pairs.tsv: cannot be read: No such file or directory").
std::string readFile(const std::filesystem::path& path);

/// Paths in experiments and messages are UTF-8 whatever the platform.
std::filesystem::path pathFromUtf8(std::string_view text);
std::string utf8Text(const std::filesystem::path& path);

}  // namespace lab
