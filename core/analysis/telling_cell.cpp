#include "core/analysis/telling_cell.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace lab {

MapCell tellingCell(const float* weights, int queries, int keys, MapCell from, const std::function<bool(int)>& isAsked) {
    constexpr float noticeable = 0.1F;  // of the row's largest
    const auto row = [=](int query) {
        return std::span(weights + static_cast<std::ptrdiff_t>(query) * keys, static_cast<std::size_t>(keys));
    };
    const auto tells = [&](int query) {
        return isAsked(query) && std::ranges::count_if(row(query), [](float weight) { return weight > 0; }) > 1;
    };
    int query = from.query;
    if (!tells(query))
        for (query = 0; query < queries && !tells(query);) ++query;
    if (query == queries) return from;
    const auto strongest = std::ranges::max_element(row(query));
    if (query == from.query && row(query)[static_cast<std::size_t>(from.key)] >= noticeable * *strongest) return from;
    return {query, static_cast<int>(strongest - row(query).begin())};
}

}  // namespace lab
