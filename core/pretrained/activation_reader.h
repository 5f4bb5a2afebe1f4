#pragma once

#include "core/config/activation.h"
#include "core/pretrained/config_json.h"

namespace lab {

/// The activation that transformers calls so; in a gated feed-forward layer the name is the gate's. Throws InputError for one that this
/// program has not.
Activation activationOf(const ConfigReader& config, const char* key, std::string_view usual, bool gated = false);

}  // namespace lab
