#include "core/explain/waterfall.h"

#include <algorithm>

namespace lab::explain {

Words withoutIndex(const Words& name) {
    if (!name.source().empty()) return name;
    std::string symbol = name.english();
    if (symbol.ends_with("})")) return withoutIndex(symbol.substr(0, symbol.size() - 1)).english() + ")";
    const std::size_t subscript = symbol.rfind("_{");
    if (subscript == std::string::npos || !symbol.ends_with('}')) return symbol;
    const std::size_t joint = symbol.find(' ', subscript);
    symbol = joint == std::string::npos ? symbol.substr(0, subscript) : symbol.substr(0, joint) + "}";
    const std::size_t head = symbol.rfind("^{");
    return head != std::string::npos && symbol.ends_with('}') && joint == std::string::npos ? symbol.substr(0, head) : symbol;
}

Waterfall waterfallOf(const Expression& expression) {
    Waterfall fall;
    if (expression.operation != Operation::sum) return fall;
    const auto isProduct = [](const Term& term) { return term.factors.size() > 1; };
    const bool products = std::ranges::any_of(expression.terms, isProduct);
    for (std::size_t t = 0; t < expression.terms.size(); ++t) {
        const Term& term = expression.terms[t];
        if (products && !isProduct(term))
            fall.start += term.value();
        else
            fall.terms.push_back(t);
    }
    double sum = fall.start;
    for (const std::size_t t : fall.terms) {
        const Term& term = expression.terms[t];
        fall.products.push_back(term.value());
        fall.sums.push_back(sum += term.value());
        if (!products) continue;
        double rest = term.minus ? -1.0 : 1.0;
        for (std::size_t f = 1; f < term.factors.size(); ++f) rest *= term.factors[f].value;
        fall.left.push_back(term.factors.front().value);
        fall.right.push_back(rest);
    }
    if (!products) return fall;
    const Term& first = expression.terms[fall.terms.front()];
    fall.leftName = withoutIndex(first.factors.front().name);
    std::vector<Message> rest;
    for (std::size_t f = 1; f < first.factors.size(); ++f) rest.push_back(withoutIndex(first.factors[f].name));
    fall.rightName = rest.size() == 1 ? Words(rest.front()) : Words(Message::joined(std::move(rest), " \u00B7 "));
    return fall;
}

bool hasMatrix(const Stage& stage) {
    return std::ranges::any_of(stage.grids, &Grid::matrix);
}

CellRef summedCell(const Stage& stage, const CellRef& cell) {
    const auto first = std::ranges::find_if(stage.grids, &Grid::matrix);
    auto grid = std::ranges::find(stage.grids, cell.grid, &Grid::id);
    const bool inMatrix = grid != stage.grids.end() && grid->matrix;
    // What a matrix reads stands above it.
    while (grid != stage.grids.end() && !grid->matrix) ++grid;
    if (grid == stage.grids.end()) grid = first;
    const int row = inMatrix ? std::clamp(cell.row, 0, grid->rows - 1) : stage.result.grid == grid->id ? stage.result.row : 0;
    if (!grid->master.empty()) return {stage.id, grid->id, row, masterColumn};
    const bool ofResult = !inMatrix && stage.result.grid == grid->id;
    return {stage.id, grid->id, row, ofResult ? stage.result.column : std::clamp(cell.column, 0, grid->columns - 1)};
}

}  // namespace lab::explain
