#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/codes/code_neighbours.h"
#include "core/codes/lengths.h"
#include "core/codes/number_order.h"
#include "core/codes/robustness.h"

// The measures as JSON (FORMATS.md, command code). Whole numbers of any size are texts of their digits; sequences are ids.

namespace lab::codes {

using Json = nlohmann::ordered_json;

/// A report without its collisions' list and its usage: what an evaluation says of a code.
Json figuresJson(const CodeReport& report);
/// All of it but the codes themselves. `set` is the one reported on.
Json reportJson(const CodeReport& report, const SequenceSet& set);
Json orderJson(const NumberOrder& order);
Json robustnessJson(const SymbolRobustness& table);
Json robustnessJson(const SlotRobustness& table);
Json lengthsJson(const std::vector<LengthRow>& rows);
Json sequenceJson(const CodeOfSequence& look);
Json neighboursJson(const std::vector<Neighbour>& neighbours, const SequenceSet& set, const BottleneckShape& shape,
                    std::span<const Code> codes);
Json turnJson(const DialTurn& turn);

}  // namespace lab::codes
