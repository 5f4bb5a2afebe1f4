#include "core/stream/patch_cells.h"

#include <chrono>

namespace lab {

PatchCells emptyCells(const Model& model, PatchPart part, const Input& input) {
    PatchCells cells;
    cells.grid = patchGrid(model, part, input);
    cells.outcomes.resize(cells.grid.sites.size());
    for (const PatchSite& site : cells.grid.sites) cells.asked += site.tensor.empty() ? 0 : 1;
    return cells;
}

void fillCells(PatchCells& cells, const Patching& patching, const PatchQuestion& question, const std::function<void()>& told) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const double earlier = cells.seconds;
    for (std::size_t i = 0; i < cells.outcomes.size(); ++i) {
        const PatchSite& site = cells.grid.sites[i];
        if (site.tensor.empty() || cells.outcomes[i]) continue;
        cells.outcomes[i] = outcomeOf(patching, question, patching.patchedLogits({site}));
        ++cells.known;
        cells.seconds = earlier + std::chrono::duration<double>(Clock::now() - start).count();
        if (told) told();
    }
}

}  // namespace lab
