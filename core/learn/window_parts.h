#pragma once

#include <string_view>
#include <vector>

namespace lab {

/// Names of the parts of the window that a lesson or a lecturer can hide ("experiment", "page.maps"), in the order in which they are
/// offered; kept for good: files name them. What each is made of the window knows (ui/window/part_table.h).
const std::vector<std::string_view>& windowParts();

}  // namespace lab
