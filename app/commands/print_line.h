#pragma once

#include <string>

#include "core/base/message.h"

namespace lab {

/// Writes `line` and an end of line to the standard output.
void printLine(const std::string& line);

/// The sentence in English; nothing, not even a line, of one that is empty.
void printLine(const Message& sentence);

}  // namespace lab
