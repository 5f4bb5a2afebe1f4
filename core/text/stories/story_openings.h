#pragma once

#include <span>
#include <string_view>

namespace lab {

/// First sentences, without slots.
std::span<const std::string_view> storyOpenings();

}  // namespace lab
