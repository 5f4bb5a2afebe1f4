#pragma once

#include <string>

#include "app/commands/command.h"

namespace lab {

/// attention-lab --help
std::string programHelp();
/// attention-lab COMMAND --help
std::string commandHelp(const Command& command);

}  // namespace lab
