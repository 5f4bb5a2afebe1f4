#pragma once

#include "core/codes/coder.h"
#include "core/goedel/natural.h"

// A code as one whole number: sum_m c_m K^m, mixed radix with slot 0 the lowest digit.

namespace lab::codes {

goedel::Natural numberOf(const BottleneckShape& shape, const Code& code);
/// K^M - 1.
goedel::Natural largestNumber(const BottleneckShape& shape);
/// The digits of a number. Throws InputError, which names the largest, for one that is larger.
Code codeOfNumber(const BottleneckShape& shape, const goedel::Natural& number);
/// Throws InputError that names the slot for a code of the wrong length or with a code that there is none of.
void checkCode(const BottleneckShape& shape, const Code& code);

/// |a - b| / whole, from 0 on; whole > 0. Right for numbers that no double holds.
double distanceAsShare(const goedel::Natural& a, const goedel::Natural& b, const goedel::Natural& whole);

}  // namespace lab::codes
