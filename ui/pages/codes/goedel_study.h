#pragma once

#include <memory>
#include <optional>

#include "core/goedel/goedel_number.h"
#include "core/goedel/sizes.h"
#include "ui/pages/codes/codes_state.h"

namespace lab {

/// A sequence and its number. What is cheap is known at once; the number itself, its digits and its divisions are `worked` later.
struct GoedelStudy {
    CodedSequence of;
    std::vector<goedel::Factor> factors;
    double bits = 0;                     ///< log2 G
    double mostBits = 0;                 ///< of one factor
    std::optional<goedel::Sizes> sizes;  ///< none: the number is too large
    goedel::SizeCurve curve;             ///< up to curveLength()

    bool worked = false;  ///< what follows is known, or why it is not
    Message refusal;      ///< why the number is not worked out; empty: it is
    goedel::Natural number;
    std::string decimal;
    goedel::Decoded decoded;

    int alphabetSize() const { return of.alphabet->size(); }
    /// Up to which length the bits are drawn.
    std::size_t curveLength() const;
    /// Decimal digits of the number, from its bits until it is worked out.
    std::size_t digits() const;
    bool hasNumber() const { return worked && refusal.empty(); }
};
using GoedelStudyPtr = std::shared_ptr<const GoedelStudy>;

/// What is cheap of it. The sequence has an alphabet.
GoedelStudyPtr outlined(const CodedSequence& sequence);
/// All of it. Throws goedel::Cancelled.
GoedelStudyPtr worked(const GoedelStudy& outline, const goedel::CancelCheck& cancelled);
/// Done in less than a frame.
bool isSmall(const GoedelStudy& study);

}  // namespace lab
