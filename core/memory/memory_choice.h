#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/memory/capacity.h"

namespace lab {

/// What the continuous net (modern.h) is called among the storage rules.
constexpr std::string_view modernRule = "modern";

/// Which memory is asked, and how.
struct MemoryChoice {
    const StorageRule* rule = nullptr;  ///< null: the continuous net
    RecallMode mode = RecallMode::asynchronous;
    std::optional<double> beta;  ///< of the continuous net; 1 / sqrt(N) when not given
    std::uint64_t seed = 42;     ///< of noise and of the order of updates

    double betaFor(int units) const;
};

/// The storage rules, and modern.
std::vector<std::string> memoryNames();

/// For capacityCurve; the continuous net answers with the signs of its fixed point.
MakeMemory memoryMaker(const MemoryChoice& choice);

/// Empty when a query is of the stored pictures' size.
Message sizeProblem(const Pattern& query, const Pattern& stored);

}  // namespace lab
