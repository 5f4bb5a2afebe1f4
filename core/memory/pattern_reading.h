#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/memory/pattern.h"

// What the readers of pattern_files.h share: where they are in the file, and what a set of pictures may be.

namespace lab::memory {

/// Where one is in a file's bytes. Lines and columns count from 1, columns bytes.
class PatternCursor {
public:
    PatternCursor(std::string_view bytes, std::string file) : m_bytes(bytes), m_file(std::move(file)) {}

    bool atEnd() const { return m_at == m_bytes.size(); }
    char peek() const { return m_bytes[m_at]; }
    std::string_view rest() const { return m_bytes.substr(m_at); }
    const std::string& file() const { return m_file; }
    int line() const { return m_line; }
    char take();
    /// The rest of the line, without its end.
    std::string_view takeLine();

    /// Throws InputError "FILE:LINE:COLUMN: what".
    [[noreturn]] void refuse(Message what) const;
    /// Refuses the character that is next.
    [[noreturn]] void refuseCharacter(Message what) const;
    /// Refuses the file as a whole: "FILE: what".
    [[noreturn]] void refuseFile(Message what) const;

private:
    std::string_view m_bytes;
    std::string m_file;
    std::size_t m_at = 0;
    int m_line = 1, m_column = 1;
};

/// The character as a person reads it: "'x'", or "byte 0x1F".
std::string characterText(char character);

/// The name in a comment's text; empty where a program has but signed it ("CREATOR: GIMP ..."). Refuses what is not UTF-8.
std::string nameInComment(std::string_view comment, const PatternCursor& cursor);

/// Refuses a size that no picture may have. `place`: behind the size.
void requireSize(std::int64_t rows, std::int64_t columns, const PatternCursor& place);

/// The pictures read so far.
class PatternList {
public:
    /// Refuses one too many, and one of another size than the first.
    void add(Pattern pattern, const PatternCursor& place);
    /// Refuses a file without pictures; gives those without a name the file's.
    std::vector<Pattern> finished(const PatternCursor& place) &&;
    std::size_t size() const { return m_patterns.size(); }

private:
    std::vector<Pattern> m_patterns;
};

std::vector<Pattern> parsePatternText(PatternCursor cursor);
/// Bytes that begin with P1 or P4.
std::vector<Pattern> parsePbm(PatternCursor cursor);

}  // namespace lab::memory
