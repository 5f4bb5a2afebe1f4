#pragma once

#include <string>
#include <string_view>

#include "core/data/function_prompt.h"

namespace lab {

/// A prompt as one types it: a point a line (or behind a semicolon), its coordinates and y, and at last a query whose y is `?`:
/// "0.5 1; -0.2 -0.4; 0.3 ?". Numbers are parted by spaces, tabs or commas.
std::string promptText(const FunctionPrompt& prompt);
/// Reads it. Throws InputError with the line that is wrong. `mostPoints`: pairs that there is room for; 0: any number.
FunctionPrompt parsePrompt(std::string_view text, int dimensions, int mostPoints = 0);

}  // namespace lab
