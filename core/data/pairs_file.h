#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/batch.h"

namespace lab {

/// One token of a pairs file before its id is known.
struct PairsToken {
    std::string_view text;
    int column = 0;  ///< of its first character, from 1
};

/// One line: two columns of tokens, or three for an encoder-decoder.
struct PairsLine {
    int number = 0;  ///< from 1
    std::vector<std::vector<PairsToken>> columns;
};

/// One line of it before it is cut.
struct PairsRow {
    int number = 0;  ///< from 1
    std::string_view text;
};

/// The lines of a pairs file without their ends and the blank ones behind them. Throws InputError where there is none. `columns` that a
/// line should have.
std::vector<PairsRow> pairsRows(const std::string& name, std::string_view text, int columns);

/// A pairs file (FORMATS.md 4) cut into tokens.
class PairsFile {
public:
    /// Throws InputError "FILE:LINE:COLUMN: ..." for text that is not UTF-8, a wrong number of columns, tokens not separated by single
    /// spaces, an empty column and unequal lengths of targets and what they answer.
    PairsFile(const std::filesystem::path& path, int columns);
    PairsFile(std::string name, std::string text, int columns);
    PairsFile(const PairsFile&) = delete;
    PairsFile& operator=(const PairsFile&) = delete;

    const std::string& name() const { return m_name; }
    const std::vector<PairsLine>& lines() const { return m_lines; }
    /// Whether every token is an integer.
    bool hasIntegersOnly() const;
    /// "FILE:LINE:COLUMN", the place of a sentence about a token.
    std::string place(const PairsLine& line, int column) const;

private:
    void read();

    std::string m_name;
    std::string m_text;  ///< the tokens look into it
    int m_columns;
    std::vector<PairsLine> m_lines;
};

}  // namespace lab
