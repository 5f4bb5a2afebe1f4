#include "app/commands/bench_options.h"

#include <cstdio>
#include <numeric>

#include "core/base/number_text.h"

namespace lab {

std::vector<std::size_t> pickedRows(const Arguments& arguments, std::size_t count) {
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (!arguments.has("--row")) return rows;
    rows.clear();
    for (const std::string& text : arguments.values("--row")) {
        const auto number = parseInteger(text);
        if (!number || *number < 1 || *number > static_cast<std::int64_t>(count))
            throw UsageError("--row needs a number from 1 to " + std::to_string(count) + ", not '" + text + "'");
        rows.push_back(static_cast<std::size_t>(*number - 1));
    }
    return rows;
}

BenchSettings benchSettings(const Arguments& arguments) {
    BenchSettings settings;
    settings.rounds = arguments.integer("--rounds", settings.rounds, 1);
    settings.seconds = arguments.real("--seconds", settings.seconds, 0);
    return settings;
}

void printBenchProgress(int round, int rounds, std::size_t row, std::size_t rows, const std::string& name) {
    std::fprintf(stderr, "round %d / %d  row %zu / %zu  %s\n", round + 1, rounds, row + 1, rows, name.c_str());
}

std::string threadText(int threads) {
    return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

}  // namespace lab
