#pragma once

#include <memory>
#include <optional>

#include "core/goedel/arithmetic.h"
#include "ui/pages/codes/codes_state.h"

namespace lab {

/// Two sequences, and what is done with their numbers.
struct OperationQuestion {
    CodedSequence first, second;
    NumberOperation operation = NumberOperation::concatenate;
    int symbol = -1;                           ///< of replace; negative: there is none
    std::optional<goedel::Variable> variable;  ///< of substitute

    bool operator==(const OperationQuestion&) const = default;
};

/// What came of it: numbers in decimal, what wandered where, and the result's sequence.
struct OperationStudy {
    OperationQuestion of;
    std::string first, second, result;  ///< empty: it was not worked out
    std::vector<goedel::Move> moves;
    goedel::Symbols decoded;  ///< of the result
    /// The result is the number of the sequence that is written down by hand, of substitutions: of a formula.
    bool asByHand = false;
    Message refusal;  ///< why there is no result
};
using OperationStudyPtr = std::shared_ptr<const OperationStudy>;

/// By division, multiplication and powers alone. Throws goedel::Cancelled.
OperationStudyPtr studied(const OperationQuestion& question, const goedel::CancelCheck& cancelled);

/// The question that the page asks now.
OperationQuestion operationAsked(const CodesState& state);
/// The variables that are free in the sequence, where it is a formula.
std::vector<goedel::Variable> freeVariables(const CodedSequence& sequence);
/// Why there is nothing to substitute; empty: there is.
QString whyNoSubstitution(const CodedSequence& sequence);

}  // namespace lab
