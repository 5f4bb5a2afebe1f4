#include "core/memory/pattern_reading.h"

// Rows of 0 and 1.

namespace lab::memory {
namespace {

class TextReader {
public:
    explicit TextReader(PatternCursor cursor) : m_cursor(std::move(cursor)) {}

    std::vector<Pattern> read() {
        while (!m_cursor.atEnd()) {
            if (m_cursor.peek() == '#')
                readName();
            else
                readRow();
        }
        finishPicture();
        return std::move(m_list).finished(m_cursor);
    }

private:
    void readName() {
        finishPicture();
        const std::string_view line = m_cursor.rest().substr(1, m_cursor.rest().find('\n') - 1);
        m_name = nameInComment(line, m_cursor);
        m_cursor.takeLine();
    }

    /// One line; without a pixel it ends the picture.
    void readRow() {
        int pixels = 0;
        while (!m_cursor.atEnd() && m_cursor.peek() != '\n') {
            const char next = m_cursor.peek();
            if (next == '0' || next == '1') {
                if (m_rows > 0 && pixels == m_columns)
                    refuseLength(LAB_TEXT("memory", "the row is longer than the picture's first, which has %1 pixels"));
                if (++pixels > mostPatternSide) requireSize(1, pixels, m_cursor);
                m_states.push_back(next == '1' ? 1 : -1);
            } else if (next != ' ' && next != '\t' && next != '\r') {
                m_cursor.refuseCharacter(LAB_TEXT("memory", "%1 is neither 0 nor 1"));
            }
            m_cursor.take();
        }
        if (pixels > 0)
            finishRow(pixels);
        else
            finishPicture();
        if (!m_cursor.atEnd()) m_cursor.take();
    }

    void finishRow(int pixels) {
        if (m_rows > 0 && pixels < m_columns)
            refuseLength(LAB_TEXT("memory", "the row is shorter than the picture's first, which has %1 pixels"));
        m_columns = pixels;
        requireSize(++m_rows, m_columns, m_cursor);
    }

    void finishPicture() {
        if (m_rows == 0) return;
        m_list.add({std::move(m_name), m_rows, m_columns, std::move(m_states)}, m_cursor);
        m_name.clear();
        m_states.clear();
        m_rows = m_columns = 0;
    }

    [[noreturn]] void refuseLength(Message what) const { m_cursor.refuse(std::move(what).arg(m_columns)); }

    PatternCursor m_cursor;
    PatternList m_list;
    std::string m_name;
    States m_states;  ///< of the picture that is being read
    int m_rows = 0, m_columns = 0;
};

}  // namespace

std::vector<Pattern> parsePatternText(PatternCursor cursor) {
    return TextReader(std::move(cursor)).read();
}

}  // namespace lab::memory
