#pragma once

// For core/sweep's own sources.

#include <string>

namespace lab {

/// A text as a JSON string.
std::string jsonText(const std::string& text);

}  // namespace lab
