#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/stream/patch_pair.h"

namespace lab {

/// The map of one part as far as it has come.
struct PatchCells {
    PatchGrid grid;
    std::vector<std::optional<PatchOutcome>> outcomes;  ///< as grid.sites
    int known = 0, asked = 0;                           ///< sites that there are
    double seconds = 0;

    bool complete() const { return known == asked; }
    const std::optional<PatchOutcome>& at(int row, int column) const {
        return outcomes[static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.columns) + static_cast<std::size_t>(column)];
    }
};

/// For inputs of the length of `input`; nothing is known yet.
PatchCells emptyCells(const Model& model, PatchPart part, const Input& input);
/// Measures the sites that are not known, one after the other; `told` hears after each. Throws PassAbandoned, with what was measured kept.
void fillCells(PatchCells& cells, const Patching& patching, const PatchQuestion& question, const std::function<void()>& told = {});

}  // namespace lab
