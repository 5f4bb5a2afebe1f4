#include "core/codes/code_number.h"

#include <cmath>

#include "core/base/errors.h"
#include "core/goedel/sizes.h"

namespace lab::codes {

using goedel::Natural;

Natural numberOf(const BottleneckShape& shape, const Code& code) {
    return goedel::mixedRadixNumber(code, shape.codes);
}

Natural largestNumber(const BottleneckShape& shape) {
    const Natural all = Natural::power(static_cast<std::uint64_t>(shape.codes), static_cast<std::size_t>(shape.slotCount));
    return Natural::distance(all, 1);
}

Code codeOfNumber(const BottleneckShape& shape, const Natural& number) {
    const Natural largest = largestNumber(shape);
    if (number > largest)
        throw InputError(Message(LAB_TEXT("codes", "No code has this number: with %1 slots of %2 codes the largest is %3."))
                             .arg(shape.slotCount)
                             .arg(shape.codes)
                             .arg(goedel::groupedDigits(largest.toDecimal())));
    return goedel::fromMixedRadix(number, shape.codes, static_cast<std::size_t>(shape.slotCount));
}

void checkCode(const BottleneckShape& shape, const Code& code) {
    if (std::ssize(code) != shape.slotCount)
        throw InputError(Message(LAB_PLURAL("codes", "A code of this model has a number for each of its %1 slots, not %n."))
                             .count(std::ssize(code))
                             .arg(shape.slotCount));
    for (std::size_t m = 0; m < code.size(); ++m)
        if (code[m] < 0 || code[m] >= shape.codes)
            throw InputError(Message(LAB_TEXT("codes", "Slot %1 has the codes 0 .. %2, and %3 is none of them."))
                                 .arg(m)
                                 .arg(shape.codes - 1)
                                 .arg(code[m]));
}

double distanceAsShare(const Natural& a, const Natural& b, const Natural& whole) {
    const Natural distance = Natural::distance(a, b);
    return distance.isZero() ? 0 : std::exp2(distance.log2() - whole.log2());
}

}  // namespace lab::codes
