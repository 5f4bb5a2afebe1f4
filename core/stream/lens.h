#pragma once

#include <vector>

#include "core/analysis/likeliest.h"
#include "core/stream/states.h"

namespace lab {

/// What the output head makes of one state of the stream.
struct LensReading {
    int top = 0;                              ///< the class of the largest logit, the lowest of equal ones
    double probability = 0;                   ///< of `top`
    double entropy = 0;                       ///< of the distribution, in bits
    int rank = -1;                            ///< of the true class: how many stand before it; -1 where nothing is asked
    double ofTrue = 0;                        ///< its probability; 0 where nothing is asked
    std::vector<LikelyClass> likeliest = {};  ///< up to ten
    bool final = false;                       ///< `top` is the model's answer at this position

    bool operator==(const LensReading&) const = default;
};

/// The logit lens (nostalgebraist 2020): each state of the stream is read as if no block came behind it, with the norm before the output
/// head where the model has one. Later blocks are not made for being left out: a reading says what the head would say, not what the model
/// "thinks" there.
struct Lens {
    StreamStates states;
    std::vector<LensReading> readings;  ///< [places, positions]
    double difference = 0;              ///< largest between the last place's logits and the model's own; 0 when they are the same bits

    const LensReading& at(int place, int position) const {
        return readings[static_cast<std::size_t>(place) * static_cast<std::size_t>(states.positions) + static_cast<std::size_t>(position)];
    }
};

/// `input.targets`, where given, say what is true. `done` hears how many places of how many are read. Throws as streamStates does.
Lens lensOf(const StreamRuns& runs, const Input& input, const std::function<void(int, int)>& done = {});

/// Softmax of the logits at one place and position, [classes].
std::vector<double> lensProbabilities(const StreamRuns& runs, const StreamStates& states, int place, int position);

/// One row of logits.
LensReading readingOf(const float* logits, int classes, int target);

}  // namespace lab
