#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/training/trainer.h"

namespace lab::server {

struct ServedRun;

/// How a run stands.
nlohmann::ordered_json statusOf(const ServedRun& run);

/// The same as an event of a stream (WHATWG HTML 9.2), whose id is the step.
std::string statusEvent(const ServedRun& run);

/// A step as metrics have it, names as in the metrics file.
nlohmann::ordered_json metricsOf(const StepRecord& record);

}  // namespace lab::server
