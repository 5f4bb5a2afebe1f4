#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace lab {

/// A model that is to say the next token at each place of texts of sixteen digits: eight drawn at random, then 9 less each of them. Its
/// positions are rotary: absolute ones tell the halves apart, and then some seeds learn the second from the first, mask or not.
struct NextTokenRun {
    bool causal = false, positions = false;
    double loss = 0.0;               ///< in training, mean of the last steps
    double written = 0.0;            ///< share of right tokens of second halves that it writes by itself, token after token
    double chance = 0.0;             ///< of one token guessed
    std::vector<int> prompt, wrote;  ///< a first half, and what it writes behind that
};

struct NextTokenPlan {
    int steps = 500;
    std::uint64_t seed = 1;
};

/// Trains, one thread, what a GPT is and two that it is not: with causal mask and positions, with positions alone, with neither. Empty when
/// not `wanted` any more.
std::vector<NextTokenRun> trainNextTokenFaults(const NextTokenPlan& plan, const std::function<bool()>& wanted);

}  // namespace lab
