#include "core/base/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace lab {
namespace {

/// "1e-05" -> "1e-5", "1e+20" -> "1e20".
std::string withPlainExponent(std::string text) {
    const std::size_t e = text.find('e');
    if (e == std::string::npos) return text;
    std::size_t digits = e + 1;
    const bool negative = text[digits] == '-';
    if (negative || text[digits] == '+') ++digits;
    while (digits + 1 < text.size() && text[digits] == '0') ++digits;
    return text.substr(0, e + 1) + (negative ? "-" : "") + text.substr(digits);
}

template <class Real>
std::string shortest(Real value) {
    std::array<char, 64> buffer{};
    const Real size = std::abs(value);
    // Plain digits where people write plain digits; to_chars alone prefers 5e-04 to 0.0005.
    const bool whole = size < Real(1e16) && std::trunc(value) == value;
    const bool plain = whole || (size >= Real(1e-4) && size < Real(1e9)) || !std::isfinite(value);
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
    return withPlainExponent(std::string(buffer.data(), end));
}

template <class Number>
std::optional<Number> parse(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string numberText(double value) {
    return shortest(value);
}

std::string numberText(float value) {
    return shortest(value);
}

std::optional<std::int64_t> parseInteger(std::string_view text) {
    return parse<std::int64_t>(text);
}

std::optional<double> parseReal(std::string_view text) {
    const auto value = parse<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace lab
