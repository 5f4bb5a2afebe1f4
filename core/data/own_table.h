#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/csv.h"
#include "core/base/message.h"

// A person's own file as it comes: a text, or a table whose cells are texts. What becomes of it stands in own_data.h.

namespace lab {

struct OwnFormat {
    CsvFormat cells;
    bool header = false;  ///< the first line names the columns

    bool operator==(const OwnFormat&) const = default;
};

/// What may stand between cells, the likeliest first; 0: nothing does.
inline constexpr char ownSeparators[] = {'\t', ';', ',', '\0'};

struct OwnTable {
    std::string file;  ///< for sentences
    OwnFormat format;
    std::vector<std::string> names;  ///< of the columns; empty without header
    std::vector<CsvRecord> rows;     ///< up to the problem; lines without any text are left out
    std::size_t columns = 0;
    Message problem;  ///< "data.csv: line 3: a quote is not closed"; empty when all was read

    /// For sentences: its name, else "column 2".
    Message nameOf(std::size_t column) const;
};

/// The text of a file, letters and their marks composed. Throws InputError naming file and line for what is no UTF-8, holds a NUL byte or
/// is too large to be read here.
std::string ownText(std::string bytes, const std::string& file);
/// The same of a file, which is not read when it is too large.
std::string readOwnText(const std::filesystem::path& path);
/// The largest file that is read here, in bytes.
inline constexpr std::size_t mostOwnBytes = std::size_t{8} << 20;

/// How such a text is most likely written; `ending` is the file's: ".csv".
OwnFormat guessedFormat(std::string_view text, std::string_view ending);

/// At most so many rows. Lines with more or fewer cells than the first are a problem.
OwnTable readOwnTable(std::string_view text, const std::string& file, const OwnFormat& format,
                      std::size_t rowLimit = std::string_view::npos);

}  // namespace lab
