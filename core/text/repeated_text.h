#pragma once

#include <string_view>

#include "core/base/watched_reading.h"

namespace lab {

/// The share of a text's runs of eight words that stand in `train` as well, 0 when it has none. Of more than some 50,000 a sample, chosen
/// by their hashes, is looked for.
double repeatedShare(std::string_view train, std::string_view validation, const Watch& watch = {});

}  // namespace lab
