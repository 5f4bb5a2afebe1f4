#include "core/explain/handout.h"

#include <algorithm>
#include <cmath>

namespace lab::explain {
namespace {

constexpr const char* usual[] = {"project", "dot", "exp", "weights", "mix", "logits"};

bool isComputed(const Stage& stage, const CellRef& cell) {
    const Grid* grid = stage.find(cell.grid);
    if (!grid || std::isnan(grid->at(cell.row, cell.column)) || std::isinf(grid->at(cell.row, cell.column))) return false;
    const Expression e = grid->explain(cell.row, cell.column);
    return e.operation != Operation::given && !e.terms.empty();
}

/// Where to go on from the result: down the results, along what weighs most, or else along the row.
std::vector<CellRef> candidates(const Stage& stage) {
    const CellRef& result = stage.result;
    const Grid& grid = *stage.find(result.grid);
    std::vector<CellRef> cells{result};
    const auto at = [&](int row, int column) { return CellRef{stage.id, grid.id, row, column}; };
    if (result.column < 0) {
        for (int r = 1; r < grid.rows; ++r) cells.push_back(at((result.row + r) % grid.rows, result.column));
    } else {
        for (const int column : grid.litColumns) cells.push_back(at(result.row, column));
        for (int c = 1; c < grid.columns; ++c) cells.push_back(at(result.row, (result.column + c) % grid.columns));
    }
    return cells;
}

}  // namespace

std::vector<std::string> usualHandout(const Walk& walk) {
    std::vector<std::string> stages;
    for (const char* id : usual)
        if (const Stage* stage = walk.find(id); stage && !handoutTasks(*stage).empty()) stages.emplace_back(id);
    return stages;
}

std::vector<CellRef> handoutTasks(const Stage& stage) {
    constexpr std::size_t most = 3;
    std::vector<CellRef> tasks;
    for (const CellRef& cell : candidates(stage)) {
        if (tasks.size() == most) break;
        if (std::ranges::find(tasks, cell) == tasks.end() && isComputed(stage, cell)) tasks.push_back(cell);
    }
    return tasks;
}

Stage handoutQuestion(const Stage& stage) {
    Stage question = stage;
    if (!stage.rowDesk) return question;
    const auto own = std::ranges::find(question.grids, stage.result.grid, &Grid::id);
    // What stands above the first row of all is made of what stands below it.
    if (own != question.grids.begin() && own != question.grids.end() && own->current && own->rows == 1)
        question.grids.erase(own + 1, question.grids.end());
    return question;
}

}  // namespace lab::explain
