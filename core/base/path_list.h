#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The paths of a list that is parted by semicolons, without blanks around them; empty ones are left out. A semicolon that belongs to a
/// name is written "\;"; a backslash counts itself, but for those before a semicolon or at the end of the list, which come in pairs
/// ("a\\;b" are the two paths "a\" and "b"). One at the very end alone is itself.
std::vector<std::string> pathsInList(std::string_view list);

/// The list that pathsInList reads as these paths.
std::string pathList(const std::vector<std::string>& paths);
/// Of one path.
std::string listedPath(std::string_view path);

}  // namespace lab
