#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/service/shared_sweep.h"

namespace lab::server {

/// What comes with a row is at most so many bytes: its metrics as a body of JSON, its last state as a file.
constexpr std::size_t mostResultBytes = std::size_t{32} << 20, mostStateBytes = std::size_t{128} << 20;

/// What came of a run, by the names of the results' columns; what there is not is absent.
nlohmann::ordered_json resultJson(const RunResult& result);

/// How many rows there are, finished, claimed and waiting.
nlohmann::ordered_json countsOf(const SharedSweep::Standing& standing);

/// How a sweep stands, and who works it.
nlohmann::ordered_json standingOf(const std::string& id, const SharedSweep& sweep);

}  // namespace lab::server
