#include "core/data/typed_vectors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/errors.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

constexpr double largestTyped = 1e6;  // what lies beyond is a slip of the hand
constexpr int largestPixel = 255;
constexpr std::string_view minusSign = "\xE2\x88\x92";

/// Numbers as texts; a minus sign is as good as a hyphen.
std::vector<std::string> typedPieces(std::string_view text) {
    std::string plain(text);
    for (std::size_t at = plain.find(minusSign); at != std::string::npos; at = plain.find(minusSign))
        plain.replace(at, minusSign.size(), "-");
    std::vector<std::string> pieces(1);
    for (const char letter : plain) {
        if (std::string_view(" \t\r\n,;|()[]").find(letter) == std::string_view::npos)
            pieces.back() += letter;
        else if (!pieces.back().empty())
            pieces.emplace_back();
    }
    if (pieces.back().empty()) pieces.pop_back();
    return pieces;
}

template <class Number>
bool readWhole(const std::string& text, Number& number) {
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + (text.starts_with('+') ? 1 : 0), end, number);
    return error == std::errc() && at == end;
}

float typedNumber(const std::string& text) {
    if (text == "?") return 0;
    double number = 0;
    if (!readWhole(text, number)) throw InputError(Message(LAB_TEXT("data", "'%1' is no number")).arg(text));
    if (!(std::abs(number) <= largestTyped)) throw InputError(Message(LAB_TEXT("data", "%1 is too large: a million at most")).arg(text));
    return static_cast<float>(number);
}

}  // namespace

std::vector<float> typedVector(std::string_view text, int numbers) {
    std::vector<float> vector;
    for (const std::string& piece : typedPieces(text)) vector.push_back(typedNumber(piece));
    if (std::cmp_not_equal(vector.size(), numbers))
        throw InputError(Message(LAB_TEXT("data", "a vector has %1 numbers here, and '%2' has %3"))
                             .arg(numbers)
                             .arg(std::string(text))
                             .arg(static_cast<std::int64_t>(vector.size())));
    return vector;
}

std::vector<float> typedVectors(std::string_view text, int numbers) {
    std::vector<float> all;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(";\n"), text.size());
        const std::string_view piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (typedPieces(piece).empty()) continue;
        const std::vector<float> vector = typedVector(piece, numbers);
        all.insert(all.end(), vector.begin(), vector.end());
    }
    if (all.empty()) throw InputError(LAB_TEXT("data", "there are no numbers"));
    return all;
}

std::vector<std::uint8_t> typedPixels(std::string_view text, int pixels) {
    std::vector<std::uint8_t> bytes;
    for (const std::string& piece : typedPieces(text)) {
        int byte = 0;
        if (!readWhole(piece, byte) || byte < 0 || byte > largestPixel)
            throw InputError(
                Message(LAB_TEXT("data", "pixel %1 is '%2'; pixels are 0 to 255")).arg(static_cast<std::int64_t>(bytes.size())).arg(piece));
        bytes.push_back(static_cast<std::uint8_t>(byte));
    }
    if (std::cmp_not_equal(bytes.size(), pixels))
        throw InputError(Message(LAB_TEXT("data", "a picture has %1 pixels here, and these are %2"))
                             .arg(pixels)
                             .arg(static_cast<std::int64_t>(bytes.size())));
    return bytes;
}

std::string writtenVector(const std::vector<float>& numbers, int open) {
    std::string text;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        text.append(i > 0 ? " " : "").append(i + static_cast<std::size_t>(open) < numbers.size() ? numberText(numbers[i]) : "?");
    return text;
}

}  // namespace lab
