#include <algorithm>

#include "core/memory/pattern_reading.h"

// PBM (netpbm): https://netpbm.sourceforge.net/doc/pbm.html

namespace lab::memory {
namespace {

bool isBlank(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
}

class PbmReader {
public:
    explicit PbmReader(PatternCursor cursor) : m_cursor(std::move(cursor)) {}

    std::vector<Pattern> read() {
        for (skipBlanks(); !m_cursor.atEnd(); skipBlanks()) readPicture();
        return std::move(m_list).finished(m_cursor);
    }

private:
    void readPicture() {
        const PatternCursor start = m_cursor;
        const std::string_view magic = m_cursor.rest().substr(0, 2);
        if (magic != "P1" && magic != "P4")
            start.refuseCharacter(LAB_TEXT("memory", "%1 stands where the next picture would begin with P1 or P4"));
        const bool packed = magic == "P4";
        m_cursor.take();
        m_cursor.take();
        m_name.clear();
        const std::int64_t columns = readNumber(), rows = readNumber();
        requireSize(rows, columns, m_cursor);
        Pattern pattern = blankPattern(static_cast<int>(rows), static_cast<int>(columns));
        if (packed)
            readPacked(pattern);
        else
            readPlain(pattern);
        pattern.name = m_name;
        m_list.add(std::move(pattern), start);
    }

    /// Blanks and comments; the last comment within a picture is its name.
    void skipBlanks() {
        while (!m_cursor.atEnd() && (isBlank(m_cursor.peek()) || m_cursor.peek() == '#')) {
            if (m_cursor.peek() != '#') {
                m_cursor.take();
                continue;
            }
            const std::string_view line = m_cursor.takeLine();
            if (std::string name = nameInComment(line.substr(1), m_cursor); !name.empty()) m_name = std::move(name);
        }
    }

    std::int64_t readNumber() {
        constexpr std::int64_t tooLarge = 1'000'000;
        const PatternCursor before = m_cursor;
        skipBlanks();
        if (m_cursor.atEnd()) m_cursor.refuse(LAB_TEXT("memory", "the file ends before the picture's width and height"));
        if (m_cursor.rest().data() == before.rest().data())
            m_cursor.refuseCharacter(LAB_TEXT("memory", "%1 stands where a blank is expected, before width and height"));
        std::int64_t number = 0;
        bool any = false;
        for (; !m_cursor.atEnd() && m_cursor.peek() >= '0' && m_cursor.peek() <= '9'; any = true)
            number = std::min(tooLarge, number * 10 + (m_cursor.take() - '0'));
        if (!any) m_cursor.refuseCharacter(LAB_TEXT("memory", "%1 stands where width and height are expected"));
        return number;
    }

    void readPlain(Pattern& pattern) {
        for (std::int8_t& state : pattern.states) {
            skipBlanks();
            if (m_cursor.atEnd()) m_cursor.refuse(LAB_TEXT("memory", "the file ends before the picture does"));
            if (m_cursor.peek() != '0' && m_cursor.peek() != '1') m_cursor.refuseCharacter(LAB_TEXT("memory", "%1 is neither 0 nor 1"));
            state = m_cursor.take() == '1' ? 1 : -1;
        }
    }

    /// One blank, then rows of whole bytes, the highest bit leftmost.
    void readPacked(Pattern& pattern) {
        if (!m_cursor.atEnd() && !isBlank(m_cursor.peek()))
            m_cursor.refuseCharacter(LAB_TEXT("memory", "%1 stands where a blank is expected, behind width and height"));
        if (!m_cursor.atEnd()) m_cursor.take();
        const int bytesPerRow = (pattern.columns + 7) / 8;
        const auto wanted = static_cast<std::size_t>(bytesPerRow * pattern.rows);
        if (m_cursor.rest().size() < wanted)
            m_cursor.refuseFile(Message(LAB_TEXT("memory", "picture %1 ends after %2 of %3 bytes"))
                                    .arg(m_list.size() + 1)
                                    .arg(m_cursor.rest().size())
                                    .arg(wanted));
        for (int row = 0; row < pattern.rows; ++row)
            for (int byte = 0; byte < bytesPerRow; ++byte) {
                const auto bits = static_cast<unsigned char>(m_cursor.take());
                for (int column = byte * 8; column < std::min(pattern.columns, byte * 8 + 8); ++column)
                    if (bits >> (7 - column % 8) & 1) pattern.states[static_cast<std::size_t>(row * pattern.columns + column)] = 1;
            }
    }

    PatternCursor m_cursor;
    PatternList m_list;
    std::string m_name;
};

}  // namespace

std::vector<Pattern> parsePbm(PatternCursor cursor) {
    return PbmReader(std::move(cursor)).read();
}

}  // namespace lab::memory
