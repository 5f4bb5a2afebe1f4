#pragma once

#include "core/bottlenecks/bottleneck.h"

// Numbers that several bottlenecks have, and what their files share.

namespace lab::bottlenecks {

constexpr int mostSlots = 64;
constexpr int mostCodes = 256;

constexpr ParameterSpec slotsParameter{
    .key = "slots",
    .help = LAB_TEXT("fields",
                     "Slots of the code: as many learned queries read the encoder's output, one each, and the decoder sees "
                     "nothing of the source but the slots."),
    .limits = {1, mostSlots},
    .standard = 12};

constexpr ParameterSpec codesParameter{
    .key = "codes",
    .help = LAB_TEXT("fields", "Codes that a slot may have; the code of a sequence is one of codes^slots."),
    .limits = {2, mostCodes},
    .standard = 16};

/// Both precisions of a rule's functions, which are templates of one name each in the file of the row.
template <template <class> class Rule, class T>
constexpr SlotRule<T> ruleOf() {
    return {Rule<T>::relax, Rule<T>::relaxBackward, Rule<T>::codeOf, Rule<T>::numbersOf, Rule<T>::shares, Rule<T>::sharesBackward};
}

}  // namespace lab::bottlenecks
