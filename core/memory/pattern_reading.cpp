#include "core/memory/pattern_reading.h"

#include <algorithm>
#include <cstdio>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/utf8.h"

namespace lab::memory {
namespace {

constexpr std::size_t longestName = 100;  ///< bytes

}  // namespace

char PatternCursor::take() {
    const char character = m_bytes[m_at++];
    ++m_column;
    if (character == '\n') {
        ++m_line;
        m_column = 1;
    }
    return character;
}

std::string_view PatternCursor::takeLine() {
    const std::string_view line = rest().substr(0, rest().find('\n'));
    m_at += line.size();
    m_column += static_cast<int>(line.size());
    if (!atEnd()) take();
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

void PatternCursor::refuse(Message what) const {
    throw InputError(m_file + ":" + std::to_string(m_line) + ":" + std::to_string(m_column), std::move(what));
}

void PatternCursor::refuseCharacter(Message what) const {
    refuse(std::move(what).arg(characterText(peek())));
}

void PatternCursor::refuseFile(Message what) const {
    throw InputError(m_file, std::move(what));
}

std::string characterText(char character) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte > ' ' && byte < 0x7F) return std::string("'") + character + "'";
    char text[16];
    std::snprintf(text, sizeof text, "byte 0x%02X", byte);
    return text;
}

std::string nameInComment(std::string_view comment, const PatternCursor& cursor) {
    std::string plain(comment);
    std::ranges::replace_if(
        plain, [](char character) { return static_cast<unsigned char>(character) < ' ' || character == 0x7F; }, ' ');
    const std::string_view name = trimmed(plain);
    if (!isUtf8(name)) cursor.refuse(LAB_TEXT("memory", "the comment before this is not UTF-8"));
    std::string start(name.substr(0, 7));
    std::ranges::transform(start, start.begin(), [](char character) {
        return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
    });
    if (start == "creator" || start == "created") return {};
    std::size_t length = 0;
    while (length < name.size()) {
        const std::size_t next = length + utf8CharacterLength(name.substr(length));
        if (next > longestName) break;
        length = next;
    }
    return std::string(trimmed(name.substr(0, length)));
}

void requireSize(std::int64_t rows, std::int64_t columns, const PatternCursor& place) {
    if (rows < 1 || columns < 1) place.refuse(LAB_TEXT("memory", "a picture has at least one row and one column"));
    if (rows > mostPatternSide || columns > mostPatternSide)
        place.refuse(Message(LAB_TEXT("memory", "the picture has more than %1 rows or columns")).arg(mostPatternSide));
    if (rows * columns > mostPatternPixels)
        place.refuse(Message(LAB_TEXT("memory", "the picture has %1 pixels; at most %2 fit")).arg(rows * columns).arg(mostPatternPixels));
}

void PatternList::add(Pattern pattern, const PatternCursor& place) {
    if (std::ssize(m_patterns) == mostPatterns)
        place.refuse(Message(LAB_TEXT("memory", "there are more than %1 pictures")).arg(mostPatterns));
    if (!m_patterns.empty() && (pattern.rows != m_patterns.front().rows || pattern.columns != m_patterns.front().columns))
        place.refuse(Message(LAB_TEXT("memory", "picture %1 is %2 x %3 (rows x columns), the first one %4 x %5; all are of one size"))
                         .arg(m_patterns.size() + 1)
                         .arg(pattern.rows)
                         .arg(pattern.columns)
                         .arg(m_patterns.front().rows)
                         .arg(m_patterns.front().columns));
    m_patterns.push_back(std::move(pattern));
}

std::vector<Pattern> PatternList::finished(const PatternCursor& place) && {
    if (m_patterns.empty()) place.refuseFile(LAB_TEXT("memory", "holds no picture; expected rows of 0 and 1, or a PBM (P1 or P4)"));
    const std::string stem = utf8Text(pathFromUtf8(place.file()).stem());
    for (std::size_t k = 0; k < m_patterns.size(); ++k)
        if (m_patterns[k].name.empty()) m_patterns[k].name = m_patterns.size() == 1 ? stem : stem + " " + std::to_string(k + 1);
    return std::move(m_patterns);
}

}  // namespace lab::memory
