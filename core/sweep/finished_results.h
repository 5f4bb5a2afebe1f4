#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "core/sweep/sweep.h"

namespace lab {

/// The rows of a sweep that comes with the program (core/sweep/sweep.h has its grid under the same name): resources/results/NAME.csv,
/// compiled in. Curves and weights of its runs do not come along.
struct FinishedResult {
    std::string_view name;
    std::string_view csv;
};
const std::vector<FinishedResult>& finishedResults();

/// When it was trained and by what kind of machine.
SourceText madeBy(const FinishedResult& result);

/// The grid that comes with the program under its name.
Sweep gridOf(const FinishedResult& result);

/// The table and its grid as files in a folder, as if the sweep had run there; those that are there already stay. Throws InputError when
/// they cannot be written.
std::filesystem::path placeFinishedResult(const FinishedResult& result, const std::filesystem::path& folder);
/// The one that a file is called as; its runs have no files of their own. Null: none.
const FinishedResult* finishedResultOf(const std::filesystem::path& csv);

}  // namespace lab
