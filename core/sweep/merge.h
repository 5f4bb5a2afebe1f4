#pragma once

#include <filesystem>
#include <vector>

namespace lab {

/// What came of joining results.
struct MergeSummary {
    int rows = 0;
    int runs = 0;          ///< of the whole grid
    int filesMissing = 0;  ///< runs without metrics or checkpoint
};

/// Joins the rows and runs of results of one grid; a file that is there already must be of that grid too and takes part. Throws InputError
/// when they are of different grids, or give different results for the same run (`seconds` apart).
MergeSummary mergeResults(const std::vector<std::filesystem::path>& parts, const std::filesystem::path& out);

}  // namespace lab
