#pragma once

#include <string>

namespace lab {

/// attention-lab --completion: a script by which bash(1) completes commands, options, presets and the keys of --set, of the tables that
/// the commands themselves read. What it does not know bash completes as names of files.
std::string bashCompletion();

}  // namespace lab
