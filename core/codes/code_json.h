#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/codes/coded_task.h"

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

/// What the command code says with --json: of a step of a run, of one sequence, of a number.
Json measuresJson(std::int64_t step, const CodeMeasures& measures, const SequenceSet& set);
Json lookJson(const CodedTask& coded, const SequenceLook& look);
Json decodedJson(const DecodedNumber& decoded);

}  // namespace lab::codes
