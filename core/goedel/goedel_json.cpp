#include "core/goedel/goedel_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/goedel/formula.h"
#include "core/goedel/in_double.h"
#include "core/goedel/sizes.h"

namespace lab::goedel {
namespace {

Json sizesJson(const Symbols& symbols, const Alphabet& alphabet, const CancelCheck& cancelled) {
    const Sizes sizes = sizesOf(symbols, alphabet.size());
    return {{"bits", sizes.goedelWhole},
            {"mixed_radix", mixedRadixNumber(symbols, alphabet.size(), cancelled).toDecimal()},
            {"mixed_radix_bits", sizes.mixedBits},
            {"information", sizes.information}};
}

Json doubleJson(const Symbols& symbols, const Natural& number) {
    const double value = number.toDouble();
    const bool finite = std::isfinite(value);
    return {{"logarithm", nearestLogarithm(symbols)},
            {"double", finite ? Json(value) : Json()},
            {"double_exact", finite && Natural::fromDouble(value) == number}};
}

}  // namespace

Json encodedJson(const Alphabet& alphabet, const Symbols& symbols, const Natural& number, const CancelCheck& cancelled) {
    Json json = {{"alphabet", alphabet.id()},       {"alphabet_size", alphabet.size()}, {"symbols", symbols},
                 {"text", alphabet.write(symbols)}, {"number", number.toDecimal()},     {"digits", number.digits()}};
    json.update(sizesJson(symbols, alphabet, cancelled));
    json.update(doubleJson(symbols, number));
    if (alphabet.id() == formulaAlphabet.id) json["syntax"] = syntaxText(readFormula(symbols)).english();
    json["factors"] = Json::array();
    for (const Factor& factor : factorsOf(symbols))
        json["factors"].push_back({{"prime", factor.prime}, {"exponent", factor.exponent()}, {"bits", factor.bits}});
    return json;
}

Json decodedJson(const Alphabet& alphabet, const Decoded& decoded, const Natural& number) {
    Json json = {{"number", number.toDecimal()},
                 {"alphabet", alphabet.id()},
                 {"symbols", decoded.symbols},
                 {"text", alphabet.write(decoded.symbols)},
                 {"steps", Json::array()}};
    for (const DecodeStep& step : decoded.steps) json["steps"].push_back({{"prime", step.prime}, {"times", step.times}});
    return json;
}

}  // namespace lab::goedel
