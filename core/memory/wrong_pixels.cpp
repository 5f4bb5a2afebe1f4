#include "core/memory/wrong_pixels.h"

namespace lab {

std::vector<int> wrongPixels(const MakeMemory& memory, std::span<const Pattern> patterns, double noise, std::uint64_t seed,
                             const std::function<bool()>& stopped) {
    std::vector<States> states;
    states.reserve(patterns.size());
    for (const Pattern& pattern : patterns) states.push_back(pattern.states);
    const RecallBy recallBy = memory(states);
    std::vector<int> wrong;
    wrong.reserve(patterns.size());
    for (const Pattern& pattern : patterns) {
        if (stopped && stopped()) break;
        wrong.push_back(differing(recallBy(withNoise(pattern, noise, seed).states, seed), pattern.states));
    }
    return wrong;
}

}  // namespace lab
