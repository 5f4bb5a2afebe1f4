#pragma once

#include <span>

#include "core/explain/graph.h"

// The parts of the overview as data; not for others than the explainer's own files.

namespace lab::explain {

struct OverviewPartRow {
    const char* line;    ///< "input", "attention" (of cross-attention too), "feed_forward", "end"
    const char* exists;  ///< drawn in forms with these traits
    const char* when;    ///< and lit where these are there, too
    const char* stage;   ///< that explains it
    const char* covers;  ///< other stages that happen here
    Say name, detail;
    SourceText meaning;
    const char* key = "";
};

std::span<const OverviewPartRow> overviewPartRows();

}  // namespace lab::explain
