#pragma once

#include "core/codes/lengths.h"
#include "core/codes/number_order.h"
#include "core/codes/robustness.h"

// What the numbers say, in sentences; nothing that they do not.

namespace lab::codes {

/// Below this share of sequences a code is called nearly injective; above that share of exact ones readable.
constexpr double nearlyInjectiveBelow = 0.01, readableAbove = 0.5;

/// When codes became nearly injective and when readable, over the points of a run in the order of their steps. Of what was so at the first
/// point it says that, of what never came about that; of no points nothing.
Message courseSentence(std::span<const CodePoint> points);

/// Collisions beside what codes drawn at random would have.
Message injectivitySentence(const CodeReport& report);
/// Exact, apart from it.
Message decodabilitySentence(const CodeReport& report);
/// Used, room and needed.
Message bitsSentence(const CodeReport& report);
/// Slots with codes that nobody uses.
Message usageSentence(const CodeReport& report);
Message symbolSentence(const SymbolRobustness& table);
Message slotSentence(const SlotRobustness& table);
Message lengthSentence(std::span<const LengthRow> rows);
/// Size, locality, order, lossless: a sentence each.
std::vector<Message> orderSentences(const NumberOrder& order);

}  // namespace lab::codes
