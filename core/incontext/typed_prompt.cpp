#include "core/incontext/typed_prompt.h"

#include <charconv>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

constexpr std::string_view between = " \t\r,", minus = "\u2212";
/// Beyond it float does not tell neighbours apart by much, and products of many of them overflow.
constexpr double largestNumber = 1e6;

std::vector<std::string_view> parts(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> found;
    while (!text.empty()) {
        const std::size_t from = text.find_first_not_of(separators);
        if (from == text.npos) break;
        const std::size_t to = std::min(text.find_first_of(separators, from), text.size());
        found.push_back(text.substr(from, to - from));
        text.remove_prefix(to);
    }
    return found;
}

Message place(int line) {
    return Message(LAB_TEXT("incontext", "line %1")).arg(line);
}

double numberOf(std::string_view word, int line) {
    std::string plain(word);
    if (plain.starts_with(minus)) plain.replace(0, minus.size(), "-");
    const bool positive = plain.starts_with('+');
    double number = 0;
    const char* end = plain.data() + plain.size();
    const auto read = std::from_chars(plain.data() + positive, end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number) || std::abs(number) > largestNumber)
        throw InputError(place(line),
                         Message(LAB_TEXT("incontext", "“%1” is no number between −1 000 000 and 1 000 000; a point is written 0.5"))
                             .arg(std::string(word)));
    return number;
}

void takeLine(FunctionPrompt& prompt, const std::vector<std::string_view>& words, int line) {
    if (static_cast<int>(words.size()) != prompt.dimensions + 1)
        throw InputError(
            place(line),
            Message(LAB_TEXT("incontext", "%1 numbers where %2 are needed: the coordinates of x, then y; of the query a ? for y"))
                .arg(static_cast<int>(words.size()))
                .arg(prompt.dimensions + 1));
    for (int i = 0; i < prompt.dimensions; ++i) prompt.x.push_back(numberOf(words[static_cast<std::size_t>(i)], line));
    prompt.y.push_back(words.back() == "?" ? 0.0 : numberOf(words.back(), line));
}

}  // namespace

std::string promptText(const FunctionPrompt& prompt) {
    std::string text;
    for (int i = 0; i <= prompt.points(); ++i) {
        for (const double component : prompt.point(i)) text += numberText(component) + ' ';
        text += i < prompt.points() ? numberText(prompt.y[static_cast<std::size_t>(i)]) + '\n' : "?";
    }
    return text;
}

FunctionPrompt parsePrompt(std::string_view text, int dimensions, int mostPoints) {
    FunctionPrompt prompt;
    prompt.dimensions = dimensions;
    bool asked = false;
    int line = 0;
    for (const std::string_view each : parts(text, ";\n")) {
        ++line;
        const auto words = parts(each, between);
        if (words.empty()) continue;
        if (asked) throw InputError(place(line), LAB_TEXT("incontext", "the query (y is ?) is the last point; nothing follows it"));
        takeLine(prompt, words, line);
        asked = words.back() == "?";
    }
    if (!asked) throw InputError(LAB_TEXT("incontext", "The last point must be the query: its x, and ? for y"));
    if (prompt.points() < 1) throw InputError(LAB_TEXT("incontext", "At least one pair must stand before the query"));
    if (mostPoints > 0 && prompt.points() > mostPoints)
        throw InputError(Message(LAB_TEXT("incontext", "%1 pairs; this model has room for %2")).arg(prompt.points()).arg(mostPoints));
    return prompt;
}

}  // namespace lab
