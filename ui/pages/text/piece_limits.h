#pragma once

namespace lab {

/// Of a tokenizer that is made here: the bytes alone, and what two bytes can number.
constexpr int leastPieces = 256, mostPieces = 65536;

}  // namespace lab
