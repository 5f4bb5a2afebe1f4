#pragma once

#include <string>

#include "core/explain/markdown.h"

namespace lab::explain {

/// The whole walk for programs, as one JSON object in English: title, and every stage with its formula, text, live expression, and all
/// cells of its grids. JSON has no infinities: a masked cell is "-inf", one where nothing is is null.
std::string json(const Walk& walk, const WalkTitle& title);

}  // namespace lab::explain
