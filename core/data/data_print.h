#pragma once

#include <map>
#include <string>

#include "core/base/message.h"

namespace lab {

struct LoadedTask;

/// Adds to what is saved with a training what its data were: how many lines, and a hash of their tokens. Data that a seed draws need none.
void notePrint(std::map<std::string, std::string>& metadata, const LoadedTask& task);
/// In what the data differ from those noted; empty when they do not, or nothing is noted.
Message dataDifference(const std::map<std::string, std::string>& metadata, const LoadedTask& task);

}  // namespace lab
