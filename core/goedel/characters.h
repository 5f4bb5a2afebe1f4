#pragma once

#include <cstddef>
#include <string_view>

namespace lab::goedel {

/// Walks over a text character by character. Throws InputError when it is not UTF-8.
class Characters {
public:
    explicit Characters(std::string_view text);

    bool atEnd() const { return m_at == m_text.size(); }
    std::string_view front() const { return m_text.substr(m_at, m_length); }  ///< the character; empty at the end
    std::string_view rest() const { return m_text.substr(m_at); }
    std::size_t byte() const { return m_at; }
    int place() const { return m_place; }  ///< which character it is, from 1
    /// A blank, tab or line end, also blanks that are thin or keep lines together.
    bool isBlank() const;
    void advance();

private:
    void measure();

    std::string_view m_text;
    std::size_t m_at = 0, m_length = 0;
    int m_place = 1;
};

}  // namespace lab::goedel
