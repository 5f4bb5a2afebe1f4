#include "core/analysis/lsh_rounds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lab {

std::vector<LshRound> lshRounds(const Trace& trace, const AttentionBlock& block, int head) {
    const std::string name = block.name + ".buckets";  // [H, rounds, T]
    std::vector<LshRound> found;
    if (!block.visibility.hashes() || !trace.contains(name)) return found;
    const Tensor& buckets = trace.at(name);
    const auto rounds = static_cast<int>(buckets.extent(1)), positions = static_cast<int>(buckets.extent(2));
    const float* own = buckets.values.data() + static_cast<std::ptrdiff_t>(head) * rounds * positions;
    for (int r = 0; r < rounds; ++r, own += positions) {
        LshRound round{r, {}, std::vector<int>(static_cast<std::size_t>(positions))};
        std::transform(own, own + positions, std::back_inserter(round.buckets), [](float b) { return static_cast<int>(std::lround(b)); });
        std::iota(round.order.begin(), round.order.end(), 0);
        std::ranges::stable_sort(round.order, {}, [&](int i) { return round.buckets[static_cast<std::size_t>(i)]; });
        found.push_back(std::move(round));
    }
    return found;
}

}  // namespace lab
