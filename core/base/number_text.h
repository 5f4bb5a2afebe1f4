#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Numbers as text, the same under every locale.

namespace lab {

/// The shortest text that reads back as exactly this number: "0.0005", "1e-5", "16".
std::string numberText(double value);
std::string numberText(float value);

/// The whole text as a number (surrounding blanks allowed); empty when it is none or does not fit. Infinities and NaN are none.
std::optional<std::int64_t> parseInteger(std::string_view text);
std::optional<double> parseReal(std::string_view text);

/// Without surrounding blanks.
std::string_view trimmed(std::string_view text);

}  // namespace lab
