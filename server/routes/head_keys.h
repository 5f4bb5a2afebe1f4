#pragma once

#include "core/moments/head_choice.h"
#include "server/routes/parameter.h"

namespace lab::server {

/// The keys of a body that say which head, and which query and key of it.
std::vector<Parameter> headKeys();
HeadChoice headChoice(const Values& body);

}  // namespace lab::server
