#pragma once

#include <span>
#include <string_view>

namespace lab {

/// Paths of keys that were part of the format and no longer do anything: still read in old files, and ignored. None is a field.
std::span<const std::string_view> retiredKeys();
bool isRetired(std::string_view path);

}  // namespace lab
