#include "core/sweep/sweep.h"

#include "core/config/experiment_json.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {

void sweep(std::string_view bytes) {
    Sweep sweep;
    if (!accepted([&] { sweep = parseSweep(bytes, scratch()); })) return;
    const std::string text = writeSweep(sweep);
    const Sweep again = parseSweep(text, scratch());
    require(writeSweep(again) == text, "a sweep is written as it is read");
    require(differenceOf(again, sweep).empty(), "a sweep is the same when it is read again");
    for (const int run : {0, sweep.runCount() - 1}) {
        require(cellsOf(sweep, run).size() == sweep.grid.size(), "a run has a cell a key");
        require(writeExperiment(experimentOf(sweep, run)) == writeExperiment(experimentOf(again, run)), "its runs are the same");
    }
}

}  // namespace lab::fuzz
