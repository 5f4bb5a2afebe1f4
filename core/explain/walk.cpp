#include "core/explain/walk.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/explain/tables.h"
#include "core/explain/update.h"
#include "core/explain/walk_limits.h"
#include "core/explain/writer.h"

namespace lab::explain {

double Grid::at(int row, int column) const {
    const auto r = static_cast<std::size_t>(row);
    if (column == masterColumn) return r < master.size() ? master[r] : std::numeric_limits<double>::quiet_NaN();
    if (column == leadColumn) return r < lead.size() ? lead[r] : std::numeric_limits<double>::quiet_NaN();
    return values[r * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
}

const Grid* Stage::find(const std::string& grid) const {
    const auto found = std::ranges::find(grids, grid, &Grid::id);
    return found == grids.end() ? nullptr : &*found;
}

const Stage* Walk::find(const std::string& stage) const {
    const auto found = std::ranges::find(stages, stage, &Stage::id);
    return found == stages.end() ? nullptr : &*found;
}

const Grid* Walk::grid(const CellRef& cell) const {
    const Stage* stage = find(cell.stage);
    const Grid* grid = stage ? stage->find(cell.grid) : nullptr;
    if (!grid || cell.row < 0 || cell.row >= grid->rows || cell.column >= grid->columns) return nullptr;
    if (cell.column == masterColumn && (grid->master.empty() || std::isnan(grid->at(cell.row, masterColumn)))) return nullptr;
    if (cell.column == leadColumn && grid->lead.empty()) return nullptr;
    return grid;
}

Expression Walk::explain(const CellRef& cell) const {
    const Grid* found = grid(cell);
    assert(found);
    return found->explain(cell.row, cell.column);
}

std::vector<BlockPart> blockParts(const Walk& walk) {
    std::vector<BlockPart> parts;
    for (const PartRow& row : partRows()) {
        BlockPart part{row.id, row.symbol.with({}), row.name.with({})};
        if (*row.without && walk.find(row.without)) continue;
        if (*row.without && !parts.empty() && parts.back().id == row.id) parts.pop_back();
        for (int i = static_cast<int>(walk.stages.size()) - 1; i >= 0; --i)
            if (const Stage& stage = walk.stages[static_cast<std::size_t>(i)]; stage.part == row.id)
                (stage.backward ? part.backward : part.forward) = i;
        if (part.forward >= 0 || part.backward >= 0) parts.push_back(std::move(part));
    }
    return parts;
}

Walk buildWalk(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
               const Question& question) {
    const ContextPtr context = contextOf(std::move(model), std::move(weights), numbers, question);
    Walk walk;
    walk.query = context->query;
    walk.key = context->key;
    walk.answer = context->is("noHead") ? -1 : context->answer;
    const Message noWayBack = whyNoWayBack(context->config());
    walk.hasBackward = noWayBack.empty() && numbers.has("gradient.logits");
    Writer writer(walk, context);
    writer.forward();
    if (walk.hasBackward) {
        writer.backward();
        addUpdateStage(walk, context);
    } else {
        walk.whyNoBackward = noWayBack.empty() ? LAB_TEXT("explain", "Without targets there is no loss, and so no way back.") : noWayBack;
    }
    return walk;
}

}  // namespace lab::explain
