#include "ui/pages/codes/goedel_study.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr std::size_t leastCurve = 16;
constexpr double smallBits = 16'384;

}  // namespace

std::size_t GoedelStudy::curveLength() const {
    return std::min(std::max(leastCurve, 2 * of.length()), goedel::mostSymbols);
}

std::size_t GoedelStudy::digits() const {
    return hasNumber() ? decimal.size() : static_cast<std::size_t>(std::floor(bits * std::log10(2.0))) + 1;
}

GoedelStudyPtr outlined(const CodedSequence& sequence) {
    auto study = std::make_shared<GoedelStudy>();
    study->of = sequence;
    study->factors = goedel::factorsOf(sequence.symbols);
    study->bits = goedel::bitsOf(study->factors);
    for (const goedel::Factor& factor : study->factors) study->mostBits = std::max(study->mostBits, factor.bits);
    study->curve = goedel::sizeCurve(study->curveLength(), study->alphabetSize());
    try {
        study->sizes = goedel::sizesOf(sequence.symbols, study->alphabetSize());
    } catch (const InputError& error) {
        study->refusal = error.message();
        study->worked = true;
    }
    return study;
}

GoedelStudyPtr worked(const GoedelStudy& outline, const goedel::CancelCheck& cancelled) {
    auto study = std::make_shared<GoedelStudy>(outline);
    if (study->worked) return study;
    study->worked = true;
    try {
        study->number = goedel::goedelNumber(outline.of.symbols, cancelled);
        study->decimal = study->number.toDecimal();
        study->decoded = goedel::decode(study->number, outline.alphabetSize(), cancelled);
    } catch (const InputError& error) {
        study->refusal = error.message();
    }
    return study;
}

bool isSmall(const GoedelStudy& study) {
    return study.bits < smallBits || study.worked;
}

}  // namespace lab
