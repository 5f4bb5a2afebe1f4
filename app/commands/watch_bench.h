#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// What it costs a training to be looked at.
struct WatchResult {
    Experiment experiment;
    double aloneStepsPerSecond = 0;  ///< a trainer without a window, all processors; median of the rounds, as all of these
    double mapsStepsPerSecond = 0;   ///< in the window, on its Maps page, live at full speed
    double picturesPerSecond = 0;    ///< meanwhile: new maps
    double minimisedStepsPerSecond = 0;
    double mapsShare = 0;  ///< of the speed alone in the same round
    double minimisedShare = 0;
};

/// Trains each experiment in turn alone, watched and minimised, in a window that is drawn into memory. Makes the program's QApplication.
std::vector<WatchResult> measureWatched(const std::vector<Experiment>& experiments, int rounds, double seconds,
                                        const std::function<void(int round, std::size_t experiment)>& progress);

}  // namespace lab
