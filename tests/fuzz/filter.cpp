#include <algorithm>

#include "core/sweep/finished_results.h"
#include "core/sweep/row_filter.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {

void filter(std::string_view bytes) {
    static const ResultsTable table = [] {
        ResultsTable some = parseResults(finishedResults().front().csv, "results");
        some.rows.resize(std::min<std::size_t>(some.rows.size(), 8));
        some.rows.front().result.trainLoss.reset();  // diverged
        return some;
    }();
    RowFilter filter;
    if (!accepted([&] { filter = parseRowFilter(bytes, table); })) return;
    for (const ResultsRow& row : table.rows) filter.passes(table, row);
}

}  // namespace lab::fuzz
