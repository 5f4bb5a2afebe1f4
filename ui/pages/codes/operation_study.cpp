#include "ui/pages/codes/operation_study.h"

#include <algorithm>

#include "core/base/errors.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using goedel::CancelCheck;
using goedel::Natural;
using goedel::Symbols;

bool isFormula(const CodedSequence& sequence) {
    return sequence.alphabet && sequence.alphabet->id() == "formula";
}

/// With the second in place of each symbol that is meant.
Symbols replacedByHand(const OperationQuestion& question) {
    Symbols result;
    for (const int symbol : question.first.symbols) {
        if (symbol == question.symbol)
            result.insert(result.end(), question.second.symbols.begin(), question.second.symbols.end());
        else
            result.push_back(symbol);
    }
    return result;
}

bool isAsByHand(const OperationQuestion& question, const Symbols& decoded) {
    if (question.operation == NumberOperation::substitute) return goedel::readFormula(decoded).syntax.has_value();
    if (question.operation == NumberOperation::replace) return decoded == replacedByHand(question);
    Symbols joined = question.first.symbols;
    joined.insert(joined.end(), question.second.symbols.begin(), question.second.symbols.end());
    return decoded == joined;
}

goedel::Worked calculated(const OperationQuestion& question, const Natural& first, const Natural& second, const CancelCheck& cancelled) {
    switch (question.operation) {
        case NumberOperation::replace:
            return goedel::replaced(first, goedel::placesOf(first, question.symbol, cancelled), second, cancelled);
        case NumberOperation::substitute:
            if (!question.variable) throw InputError(Message(LAB_TEXT("codes", "no variable is free in the sequence")));
            return goedel::substituted(first, *question.variable, second, cancelled);
        case NumberOperation::concatenate:
            break;
    }
    return goedel::concatenated(first, second, cancelled);
}

}  // namespace

OperationStudyPtr studied(const OperationQuestion& question, const CancelCheck& cancelled) {
    auto study = std::make_shared<OperationStudy>();
    study->of = question;
    try {
        const Natural first = goedel::goedelNumber(question.first.symbols, cancelled);
        study->first = first.toDecimal();
        const Natural second = goedel::goedelNumber(question.second.symbols, cancelled);
        study->second = second.toDecimal();
        goedel::Worked found = calculated(question, first, second, cancelled);
        study->result = found.number.toDecimal();
        study->moves = std::move(found.moves);
        study->decoded = goedel::decode(found.number, question.first.alphabet->size(), cancelled).symbols;
        study->asByHand = isAsByHand(question, study->decoded);
    } catch (const InputError& error) {
        study->refusal = error.message();
    }
    return study;
}

std::vector<goedel::Variable> freeVariables(const CodedSequence& sequence) {
    if (!isFormula(sequence)) return {};
    const goedel::SyntaxReading reading = goedel::readFormula(sequence.symbols);
    return reading.syntax ? reading.syntax->freeVariables : std::vector<goedel::Variable>();
}

QString whyNoSubstitution(const CodedSequence& sequence) {
    if (!isFormula(sequence)) return CodesState::tr("Only formulas have variables: choose the alphabet of formulas");
    const goedel::SyntaxReading reading = goedel::readFormula(sequence.symbols);
    if (!reading.syntax) return shown(goedel::syntaxText(reading));
    return reading.syntax->freeVariables.empty() ? CodesState::tr("No variable is free in it") : QString();
}

OperationQuestion operationAsked(const CodesState& state) {
    OperationQuestion question{state.sequence(), state.sequence(CodesState::Slot::other), state.value().operation, -1, std::nullopt};
    if (const std::size_t column = state.value().column; column < question.first.length())
        question.symbol = question.operation == NumberOperation::replace ? question.first.symbols[column] : -1;
    if (question.operation != NumberOperation::substitute) return question;
    const std::vector<goedel::Variable> free = freeVariables(question.first);
    const std::string wanted = state.value().variable.toStdString();
    const auto named = std::ranges::find(free, wanted, &goedel::Variable::text);
    if (named != free.end())
        question.variable = *named;
    else if (!free.empty())
        question.variable = free.front();
    return question;
}

}  // namespace lab
