#pragma once

#include <map>
#include <string>

#include "core/config/experiment.h"

namespace lab {

/// What makes one experiment of another, as lessons write it: JSON by keys. Names and what is worked out from other keys are left out.
std::map<std::string, std::string> settingsBetween(const Experiment& from, const Experiment& to);

}  // namespace lab
