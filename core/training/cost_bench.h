#pragma once

#include <functional>
#include <vector>

#include "core/training/cost.h"

namespace lab {

inline constexpr int longestTimed = 4096;
/// 64, 128, ... 4096.
std::vector<int> timedLengths();

struct CostTiming {
    std::vector<int> lengths = timedLengths();
    int rounds = 3;  ///< in each, every pattern of a length is read once, in turn: whatever else the machine does meets all alike
};

/// The forward pass of one sequence on one thread, by this program's training kernels without a way back.
struct TimedCost {
    std::size_t line = 0;  ///< of costedPatterns()
    int length = 0;
    double secondsPerToken = 0;  ///< median of the rounds
    double fastest = 0, slowest = 0;
};

/// Times random tokens through random weights, which take as long as others; a table of positions is as long as it has to be. Lengths
/// ascend, and each is told when all its rounds are done. Ends without the rest when no longer wanted, which is asked every few
/// milliseconds; must not run inside an OpenMP region.
std::vector<TimedCost> timeCosts(const ModelConfig& model, const CostTiming& timing, const std::function<bool()>& wanted = {},
                                 const std::function<void(const std::vector<TimedCost>& ofLength)>& told = {});

}  // namespace lab
