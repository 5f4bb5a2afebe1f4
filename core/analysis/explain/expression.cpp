#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "core/analysis/explain/walk.h"

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

double siluSlope(double x) {
    return sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x)));
}

std::string digitsOf(double size, int digits, std::chars_format format) {
    std::array<char, 400> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), size, format, digits).ptr;
    return {buffer.data(), end};
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

std::string sumText(const std::vector<Term>& terms, std::size_t shown, int digits) {
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
        if (i < shown)
            append(text, terms[order[i]], digits);
        else
            rest += terms[order[i]].value();
    }
    if (shown == terms.size()) return text;
    // What is left out is called small only when it is, beside the whole.
    double whole = 0.0;
    for (const Term& term : terms) whole += term.value();
    const std::string kind = std::abs(rest) <= 0.25 * std::abs(whole) ? " small terms, together " : " more terms, together ";
    return text + " + [" + std::to_string(terms.size() - shown) + kind + shownNumber(rest, digits) + "]";
}

/// The largest among those that are written.
std::string maximumText(std::vector<Term> terms, int digits) {
    std::string text;
    constexpr std::size_t most = 6;
    if (terms.size() > most) std::ranges::stable_sort(terms, [](const Term& a, const Term& b) { return a.value() > b.value(); });
    for (std::size_t i = 0; i < std::min(terms.size(), most); ++i) text += (i ? ", " : "") + termText(terms[i], digits);
    return "max(" + text + (terms.size() > most ? ", \u2026)" : ")");
}

std::string meanText(const Expression& e, std::size_t shown, int digits) {
    return "(" + sumText(e.terms, shown, digits) + ") / " + std::to_string(e.terms.size());
}

std::string rightSide(const Expression& e, std::size_t shown, int digits) {
    const auto first = [&] { return termText(e.terms.front(), digits); };
    switch (e.operation) {
        case Operation::given:
            return e.note;
        case Operation::sum:
            return e.terms.empty() ? "0" : sumText(e.terms, shown, digits);
        case Operation::quotient:
            return factorText(e.terms[0].value(), digits) + " / " + factorText(e.terms[1].value(), digits);
        case Operation::exponential:
            return "e^{" + first() + "}";
        case Operation::maximum:
            return maximumText(e.terms, digits);
        case Operation::negativeLog:
            return minusSign + "ln " + first();
        case Operation::mean:
            return meanText(e, shown, digits);
        case Operation::deviation:
            return "\u221A(" + meanText(e, shown, digits) + " + \u03B5)";
        case Operation::root:
            return "\u221A" + factorText(e.terms[0].value(), digits);
        case Operation::relu:
            return "max(0, " + first() + ")";
        case Operation::gelu:
        case Operation::geluTanh:
            return "gelu(" + first() + ")";
        case Operation::siluProduct:
            return "silu(" + first() + ")" + times + factorText(e.terms[1].value(), digits);
        case Operation::eluPlusOne:
            return "\u03C6(" + first() + ")";
        case Operation::silu:
            return "silu(" + first() + ")";
        case Operation::reluSlope:
            return "relu\u2032(" + first() + ")";
        case Operation::geluSlope:
        case Operation::geluTanhSlope:
            return "gelu\u2032(" + first() + ")";
        case Operation::siluSlope:
            return "silu\u2032(" + first() + ")";
    }
    return {};
}

}  // namespace

double Term::value() const {
    double product = minus ? -1.0 : 1.0;
    for (const Operand& factor : factors) product *= factor.value;
    return product;
}

double evaluate(const Expression& e) {
    double sum = 0.0;
    for (const Term& term : e.terms) sum += term.value();
    const auto first = [&] { return e.terms.front().value(); };
    const auto count = static_cast<double>(e.terms.size());
    switch (e.operation) {
        case Operation::given:
            return e.result;
        case Operation::sum:
            return sum;
        case Operation::quotient:
            return e.terms[1].value() + e.epsilon == 0.0 ? 0.0 : e.terms[0].value() / (e.terms[1].value() + e.epsilon);
        case Operation::exponential:
            return std::exp(first());
        case Operation::maximum: {
            double largest = -std::numeric_limits<double>::infinity();
            for (const Term& term : e.terms) largest = std::max(largest, term.value());
            return largest;
        }
        case Operation::negativeLog:
            return -std::log(first());
        case Operation::mean:
            return sum / count;
        case Operation::deviation:
            return std::sqrt(sum / count + e.epsilon);
        case Operation::root:
            return std::sqrt(first());
        case Operation::relu:
            return std::max(0.0, first());
        case Operation::gelu:
            return gelu(first());
        case Operation::geluTanh:
            return geluTanh(first());
        case Operation::siluProduct:
            return first() / (1.0 + std::exp(-first())) * e.terms[1].value();
        case Operation::eluPlusOne:
            return first() > 0.0 ? first() + 1.0 : std::exp(first());
        case Operation::silu:
            return first() * sigmoid(first());
        case Operation::reluSlope:
            return first() > 0.0 ? 1.0 : 0.0;
        case Operation::geluSlope:
            return geluSlope(first());
        case Operation::geluTanhSlope:
            return geluTanhSlope(first());
        case Operation::siluSlope:
            return siluSlope(first());
    }
    return 0.0;
}

std::string shownNumber(double value, int digits) {
    if (std::isnan(value)) return "not a number";
    const std::string sign = value < 0.0 ? minusSign : "";
    const double size = std::abs(value);
    if (std::isinf(value)) return sign + "\u221E";
    if (size == 0.0) return "0";
    const double smallest = std::pow(10.0, -digits);
    if (size >= 1e6) return sign + digitsOf(size, std::max(digits, 2), std::chars_format::scientific);
    if (size >= smallest * 10.0 || size == 1.0) return sign + digitsOf(size, digits, std::chars_format::fixed);
    // Fixed decimals would leave a single digit or none.
    const int leading = static_cast<int>(std::floor(-std::log10(size)));
    if (leading <= 3) return sign + digitsOf(size, leading + digits, std::chars_format::fixed);
    std::string text = digitsOf(size, std::max(digits - 1, 0), std::chars_format::scientific);
    const std::size_t e = text.find('e');
    const std::string mantissa = text.substr(0, e);
    return sign + mantissa + "e" + minusSign + std::to_string(std::abs(std::stoi(text.substr(e + 1))));
}

ExpressionText expressionText(const Expression& e, std::size_t shown, int digits) {
    std::string right = rightSide(e, shown, digits);
    return {e.name + (right.empty() ? "" : " = " + right), shownNumber(e.result, digits)};
}

}  // namespace lab::explain
