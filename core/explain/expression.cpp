#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "core/base/number_text.h"
#include "core/explain/walk.h"

namespace lab::explain {
namespace {

const std::string minusSign = "\u2212";
const std::string times = " \u00B7 ";

double gelu(double x) {
    return 0.5 * x * (1.0 + std::erf(x / std::numbers::sqrt2));
}

double geluTanh(double x) {
    return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

double sigmoid(double x) {
    return 1.0 / (1.0 + std::exp(-x));
}

double geluSlope(double x) {
    return 0.5 * (1.0 + std::erf(x / std::numbers::sqrt2)) + x * std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
}

double geluTanhSlope(double x) {
    const double root = std::sqrt(2.0 / std::numbers::pi), t = std::tanh(root * (x + 0.044715 * x * x * x));
    return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * root * (1.0 + 3.0 * 0.044715 * x * x);
}

/// The number that quick-gelu multiplies within its logistic bend by.
constexpr double quick = 1.702;

double quickGeluSlope(double x) {
    const double s = sigmoid(quick * x);
    return s * (1.0 + quick * x * (1.0 - s));
}

double siluSlope(double x) {
    return sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x)));
}

std::string digitsOf(double size, int digits, std::chars_format format) {
    std::array<char, 400> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), size, format, digits).ptr;
    return {buffer.data(), end};
}

/// "2.64e5", "3e−7".
std::string powerOfTen(double size, int digits) {
    const std::string text = digitsOf(size, digits, std::chars_format::scientific);
    const std::size_t e = text.find('e');
    const int power = std::stoi(text.substr(e + 1));
    return text.substr(0, e + 1) + (power < 0 ? minusSign : "") + std::to_string(std::abs(power));
}

/// "−0.2" in brackets where a sign or dot stands before it.
std::string factorText(double value, int digits) {
    const std::string text = shownNumber(value, digits);
    return text.starts_with(minusSign) ? "(" + text + ")" : text;
}

std::string termText(const Term& term, int digits) {
    std::string text;
    for (const Operand& factor : term.factors) {
        if (!text.empty()) text += times;
        const bool aloneAndFirst = term.factors.size() == 1 && !term.minus;
        text += aloneAndFirst ? shownNumber(factor.value, digits) : factorText(factor.value, digits);
    }
    return text;
}

/// Adds a term to a sum: "a" + " − b" or " + b".
void append(std::string& sum, const Term& term, int digits) {
    std::string text = termText(term, digits);
    bool minus = term.minus;
    if (term.factors.size() == 1 && !sum.empty() && !minus && text.starts_with(minusSign)) {
        text = text.substr(minusSign.size());
        minus = true;
    }
    if (sum.empty())
        sum = minus ? minusSign + text : text;
    else
        sum += (minus ? " " + minusSign + " " : " + ") + text;
}

Words sumText(const std::vector<Term>& terms, std::size_t shown, int digits) {
    std::vector<std::size_t> order(terms.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (terms.size() > shown + 1) {  // a single small term is written as fast as it is summed
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return std::abs(terms[a].value()) > std::abs(terms[b].value()); });
    } else {
        shown = terms.size();
    }
    std::string text;
    double rest = 0.0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Term& term = terms[order[i]];
        if (i < shown) append(text, term, digits);
        rest += i < shown ? 0.0 : term.value();
    }
    if (shown == terms.size()) return text;
    Message left = smallFrom(terms, order, shown) ? LAB_PLURAL("explain", "%n small term(s), together %1")
                                                  : LAB_PLURAL("explain", "%n more term(s), together %1");
    left.arg(shownNumber(rest, digits)).count(static_cast<std::int64_t>(terms.size() - shown));
    return Message::joined({Words(text + " + ["), left, Words("]")}, "");
}

/// The largest among those that are written.
std::string maximumText(std::vector<Term> terms, int digits) {
    std::string text;
    constexpr std::size_t most = 6;
    if (terms.size() > most) std::ranges::stable_sort(terms, [](const Term& a, const Term& b) { return a.value() > b.value(); });
    for (std::size_t i = 0; i < std::min(terms.size(), most); ++i) text += (i ? ", " : "") + termText(terms[i], digits);
    return "max(" + text + (terms.size() > most ? ", \u2026)" : ")");
}

/// How a function of its first term is written, "%" for the term.
struct Function {
    Operation operation;
    const char* text;
    double (*of)(double);
};

constexpr std::array functions{
    Function{Operation::exponential, "e^{%}", [](double x) { return std::exp(x); }},
    Function{Operation::negativeLog, "\u2212ln %", [](double x) { return -std::log(x); }},
    Function{Operation::root, "\u221A%", [](double x) { return std::sqrt(x); }},
    Function{Operation::relu, "max(0, %)", [](double x) { return std::max(0.0, x); }},
    Function{Operation::gelu, "gelu(%)", gelu},
    Function{Operation::geluTanh, "gelu(%)", geluTanh},
    Function{Operation::quickGelu, "quick-gelu(%)", [](double x) { return x * sigmoid(quick * x); }},
    Function{Operation::reluSquared, "max(0, %)\u00B2", [](double x) { return x > 0.0 ? x * x : 0.0; }},
    Function{Operation::siluProduct, "silu(%)", [](double x) { return x * sigmoid(x); }},
    Function{Operation::eluPlusOne, "\u03C6(%)", [](double x) { return x > 0.0 ? x + 1.0 : std::exp(x); }},
    Function{Operation::eluSlope, "\u03C6\u2032(%)", [](double x) { return x > 0.0 ? 1.0 : std::exp(x); }},
    Function{Operation::silu, "silu(%)", [](double x) { return x * sigmoid(x); }},
    Function{Operation::reluSlope, "relu\u2032(%)", [](double x) { return x > 0.0 ? 1.0 : 0.0; }},
    Function{Operation::geluSlope, "gelu\u2032(%)", geluSlope},
    Function{Operation::geluTanhSlope, "gelu\u2032(%)", geluTanhSlope},
    Function{Operation::quickGeluSlope, "quick-gelu\u2032(%)", quickGeluSlope},
    Function{Operation::reluSquaredSlope, "2 max(0, %)", [](double x) { return x > 0.0 ? 2.0 * x : 0.0; }},
    Function{Operation::siluSlope, "silu\u2032(%)", siluSlope},
    Function{Operation::hyperbolicTangent, "tanh(%)", [](double x) { return std::tanh(x); }},
    Function{Operation::logistic, "logistic(%)", sigmoid},
};

Words rightSide(const Expression& e, std::size_t shown, int digits) {
    const auto count = [&] { return std::to_string(e.terms.size()); };
    switch (e.operation) {
        case Operation::given:
            return e.note;
        case Operation::sum:
            return e.terms.empty() ? "0" : sumText(e.terms, shown, digits);
        case Operation::quotient:
            return factorText(e.terms[0].value(), digits) + " / " + factorText(e.terms[1].value(), digits);
        case Operation::power:
            return factorText(e.terms[0].value(), digits) + "^{" + numberText(e.terms[1].value()) + "}";
        case Operation::maximum:
            return maximumText(e.terms, digits);
        case Operation::mean:
            return Message::joined({Words("("), sumText(e.terms, shown, digits), Words(") / " + count())}, "");
        case Operation::deviation:
            return Message::joined({Words("\u221A(("), sumText(e.terms, shown, digits), Words(") / " + count() + " + \u03B5)")}, "");
        default:
            break;
    }
    std::string text = std::ranges::find(functions, e.operation, &Function::operation)->text;
    const std::string first = e.operation == Operation::root ? factorText(e.terms[0].value(), digits) : termText(e.terms[0], digits);
    text.replace(text.find('%'), 1, first);
    return e.operation == Operation::siluProduct ? text + times + factorText(e.terms[1].value(), digits) : text;
}

}  // namespace

double Term::value() const {
    double product = minus ? -1.0 : 1.0;
    for (const Operand& factor : factors) product *= factor.value;
    return product;
}

double apply(Operation operation, const std::vector<double>& terms, double epsilon) {
    const auto sum = [&] { return std::accumulate(terms.begin(), terms.end(), 0.0); };
    const auto count = static_cast<double>(terms.size());
    switch (operation) {
        case Operation::given:
        case Operation::sum:
            return sum();
        case Operation::quotient:
            return terms[1] + epsilon == 0.0 ? 0.0 : terms[0] / (terms[1] + epsilon);
        case Operation::power:
            return std::pow(terms[0], terms[1]);
        case Operation::maximum:
            return std::accumulate(terms.begin(), terms.end(), -std::numeric_limits<double>::infinity(),
                                   [](double a, double b) { return std::max(a, b); });
        case Operation::mean:
            return sum() / count;
        case Operation::deviation:
            return std::sqrt(sum() / count + epsilon);
        default:
            break;
    }
    const double value = std::ranges::find(functions, operation, &Function::operation)->of(terms[0]);
    return operation == Operation::siluProduct ? value * terms[1] : value;
}

double evaluate(const Expression& e) {
    if (e.operation == Operation::given) return e.result;
    std::vector<double> values;
    for (const Term& term : e.terms) values.push_back(term.value());
    return apply(e.operation, values, e.epsilon);
}

std::string shownNumber(double value, int digits) {
    if (std::isnan(value)) return "NaN";
    const std::string sign = value < 0.0 ? minusSign : "";
    const double size = std::abs(value);
    if (std::isinf(value)) return sign + "\u221E";
    if (size == 0.0) return "0";
    const double smallest = std::pow(10.0, -digits);
    if (size >= 1e5) return sign + powerOfTen(size, 2);
    if (size >= smallest * 10.0 || size == 1.0) return sign + digitsOf(size, digits, std::chars_format::fixed);
    // Fixed decimals would leave a single digit or none.
    const int leading = static_cast<int>(std::floor(-std::log10(size)));
    if (leading <= 3) return sign + digitsOf(size, leading + digits, std::chars_format::fixed);
    return sign + powerOfTen(size, std::max(digits - 1, 0));
}

int digitsApart(const Expression& e, int digits) {
    if (!e.before) return digits;
    for (int more = digits; more <= mostDigitsApart; ++more)
        if (shownNumber(*e.before, more) != shownNumber(e.result, more)) return more;
    return digits;
}

ExpressionText expressionText(const Expression& e, std::size_t shown, int digits) {
    digits = digitsApart(e, digits);
    return {Message::joined({e.name, rightSide(e, shown, digits)}, " = "), shownNumber(e.result, digits)};
}

bool smallFrom(const std::vector<Term>& terms, const std::vector<std::size_t>& order, std::size_t shown) {
    constexpr double small = 0.1;
    double largest = 0.0, largestLeft = 0.0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double size = std::abs(terms[order[i]].value());
        largest = std::max(largest, size);
        if (i >= shown) largestLeft = std::max(largestLeft, size);
    }
    return largestLeft <= small * largest;
}

}  // namespace lab::explain
