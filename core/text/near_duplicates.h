#pragma once

#include <cstdint>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/text/corpus.h"

namespace lab {

/// A document and the earlier one that it is almost the same as.
struct NearDuplicate {
    std::uint32_t document = 0, of = 0;
    double share = 0;  ///< of the runs of three words that either has, those that both have

    bool operator==(const NearDuplicate&) const = default;
};

/// Documents of ten words and more that share at least `least` of their runs of three words with an earlier one, in order. Found by MinHash
/// (Broder 1997, with one permutation; five bands of four), then counted exactly: of pairs that share .9 about one in 200 is missed. Throws
/// InputError when the watch ends it.
std::vector<NearDuplicate> nearDuplicates(const Corpus& corpus, double least = .9, const Watch& watch = {});

}  // namespace lab
