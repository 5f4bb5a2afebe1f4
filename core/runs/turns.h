#pragma once

#include <algorithm>
#include <vector>

namespace lab {

/// What runs that train together get the same of.
enum class Turns {
    steps,  ///< a step each in turn
    time,   ///< computing time: a model with quicker steps makes more of them
};

/// What a run has taken of the one training thread, in the unit of the turns; the one that took least is next.
struct TurnAccount {
    double steps = 0;
    double seconds = 0;

    double taken(Turns turns) const { return turns == Turns::steps ? steps : seconds; }
    void add(double secondsOfStep) {
        steps += 1;
        seconds += secondsOfStep;
    }
    /// One that joins others begins where the least served of them is: it owes nothing and is owed nothing.
    void join(const std::vector<const TurnAccount*>& others) {
        if (others.empty()) return;
        const auto least = [&](double TurnAccount::*part) {
            const auto found =
                std::min_element(others.begin(), others.end(), [part](const auto* a, const auto* b) { return a->*part < b->*part; });
            return (*found)->*part;
        };
        steps = least(&TurnAccount::steps);
        seconds = least(&TurnAccount::seconds);
    }
};

}  // namespace lab
