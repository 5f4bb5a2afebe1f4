#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "app/commands/arguments.h"

namespace lab {

/// What a command found, line by line.
struct ResultTable {
    using Cell = std::variant<std::string, std::int64_t, double>;
    std::vector<std::string> header;
    std::vector<std::vector<Cell>> rows;
};

/// --csv and --json.
std::vector<Option> tableOptions();
/// Throws UsageError where the folder of a file is not there, before anything is computed.
void checkTableOptions(const Arguments& arguments);
/// What is no number is left empty (JSON: null). In columns on standard output, or as --csv FILE (RFC 4180), or with --json as a list of
/// objects on standard output.
void writeTable(const Arguments& arguments, const ResultTable& table);

}  // namespace lab
