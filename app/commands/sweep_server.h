#pragma once

#include "app/commands/arguments.h"

namespace lab {

/// "--shard auto": what the server hands out.
constexpr const char* autoShard = "auto";

/// The command sweep with --server.
int workForServer(const Arguments& arguments);

}  // namespace lab
