#include "core/memory/modern_recall.h"

#include <memory>

#include "core/memory/pattern_vectors.h"

namespace lab {

MakeMemory modernMemory(double beta) {
    return [beta](std::span<const States> patterns) -> RecallBy {
        const int units = static_cast<int>(patterns.front().size());
        StoredVectors vectors{static_cast<int>(patterns.size()), units, {}};
        for (const States& states : patterns) vectors.values.insert(vectors.values.end(), states.begin(), states.end());
        const auto net = std::make_shared<const ModernNet>(std::move(vectors), beta);
        return [net, units](const States& query, std::uint64_t) {
            const Pattern picture{{}, 1, units, query};
            return signsOf(net->settle(vectorOf(picture)).end(), picture).states;
        };
    };
}

}  // namespace lab
