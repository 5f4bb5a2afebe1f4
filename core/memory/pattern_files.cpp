#include "core/memory/pattern_files.h"

#include <algorithm>
#include <cctype>

#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/memory/pattern_reading.h"

namespace lab {
namespace {

/// Far more than the most pictures with their names and blanks take.
constexpr std::size_t mostBytes = 1 << 20;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF", pngStart = "\x89PNG";

[[noreturn]] void refuseLarge(const std::string& file) {
    memory::PatternCursor({}, file).refuseFile(LAB_TEXT("memory", "is larger than 1 MB, which no file of small pictures is"));
}

bool isOtherNetpbm(std::string_view bytes) {
    return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '2' && bytes[1] <= '7' && bytes[1] != '4';
}

std::string digits(const Pattern& pattern) {
    std::string text;
    for (int row = 0; row < pattern.rows; ++row) {
        for (int column = 0; column < pattern.columns; ++column) text += pattern.isOn(row, column) ? '1' : '0';
        text += '\n';
    }
    return text;
}

std::string packedBytes(const Pattern& pattern) {
    std::string bytes;
    for (int row = 0; row < pattern.rows; ++row)
        for (int first = 0; first < pattern.columns; first += 8) {
            unsigned bits = 0;
            for (int column = first; column < std::min(pattern.columns, first + 8); ++column)
                if (pattern.isOn(row, column)) bits |= 0x80u >> (column - first);
            bytes += static_cast<char>(bits);
        }
    return bytes;
}

/// A line of its own, whatever the name holds; none without a name.
std::string nameLine(const Pattern& pattern) {
    std::string line = pattern.name;
    std::ranges::replace_if(
        line, [](char character) { return static_cast<unsigned char>(character) < ' '; }, ' ');
    return line.empty() ? line : "# " + line + "\n";
}

std::string asPbm(const std::vector<Pattern>& patterns, const char* magic, std::string (*pixels)(const Pattern&)) {
    std::string text;
    for (const Pattern& pattern : patterns)
        text += std::string(magic) + "\n" + nameLine(pattern) + std::to_string(pattern.columns) + " " + std::to_string(pattern.rows) +
                "\n" + pixels(pattern);
    return text;
}

bool isPbm(const std::filesystem::path& path) {
    std::string ending = utf8Text(path.extension());
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return ending == ".pbm";
}

}  // namespace

std::vector<Pattern> parsePatterns(std::string_view bytes, const std::string& file) {
    if (bytes.size() > mostBytes) refuseLarge(file);
    if (bytes.starts_with(byteOrderMark)) bytes.remove_prefix(byteOrderMark.size());
    const memory::PatternCursor cursor(bytes, file);
    if (bytes.empty()) cursor.refuseFile(LAB_TEXT("memory", "is empty; expected rows of 0 and 1, or a PBM (P1 or P4)"));
    if (bytes.starts_with("P1") || bytes.starts_with("P4")) return memory::parsePbm(cursor);
    if (isOtherNetpbm(bytes))
        cursor.refuseFile(
            Message(LAB_TEXT("memory", "is a picture of kind %1, in grey or colours; expected black and white: PBM (P1 or P4)"))
                .arg(bytes.substr(0, 2)));
    if (bytes.starts_with(pngStart)) cursor.refuseFile(LAB_TEXT("memory", "is a PNG; expected rows of 0 and 1, or a PBM (P1 or P4)"));
    return memory::parsePatternText(cursor);
}

std::vector<Pattern> readPatterns(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > mostBytes) refuseLarge(utf8Text(path));
    return parsePatterns(readFile(path), utf8Text(path));
}

std::string patternsAsText(const std::vector<Pattern>& patterns) {
    std::string text;
    for (const Pattern& pattern : patterns) text += (text.empty() ? "" : "\n") + nameLine(pattern) + digits(pattern);
    return text;
}

std::string patternsAsPbm(const std::vector<Pattern>& patterns) {
    return asPbm(patterns, "P1", digits);
}

std::string patternsAsPackedPbm(const std::vector<Pattern>& patterns) {
    return asPbm(patterns, "P4", packedBytes);
}

void writePatterns(const std::filesystem::path& path, const std::vector<Pattern>& patterns) {
    const std::string text = isPbm(path) ? patternsAsPbm(patterns) : patternsAsText(patterns);
    replaceFile(path, {text});
}

}  // namespace lab
