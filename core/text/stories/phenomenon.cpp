#include "core/text/stories/phenomenon.h"

namespace lab {

extern const StoryPhenomenon agreementPhenomenon, pronounPhenomenon, recallPhenomenon, closingPhenomenon, backwardsPhenomenon,
    countingPhenomenon;

/// In the order of curves and tables.
std::span<const StoryPhenomenon* const> StoryPhenomenon::table() {
    static constexpr const StoryPhenomenon* rows[] = {
        &agreementPhenomenon, &pronounPhenomenon, &recallPhenomenon, &closingPhenomenon, &backwardsPhenomenon, &countingPhenomenon,
    };
    return rows;
}

}  // namespace lab
